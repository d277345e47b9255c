using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Swarm;

/// <summary>Makes outbound connections. Callers that want the same address at the same time share one attempt.</summary>
internal sealed class Dialer(
    PeerId local, ConnectionTable connections, AddressBook addresses, Func<ITransportChannel, PeerId?, CancellationToken, Task<DialOutcome>> upgrade,
    SwarmOptions options, TimeProvider time, CancellationToken closing)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Multiaddress, Task<DialOutcome>> _underWay = [];

    /// <summary>Connects to the address, unless its peer is connected already.</summary>
    public async Task<DialOutcome> DialAsync(Multiaddress address, CancellationToken cancellationToken)
    {
        PeerId? peer = address.Peer;
        if (peer == local)
            return new DialOutcome(DialStatus.Self, null);
        if (peer is not null && connections.TryGetPreferred(peer, out _))
            return new DialOutcome(DialStatus.Connected, peer);
        if (!address.TryGetTransport(out TransportAddress transport))
        {
            bool isBarePeer = peer is not null && address.WithoutPeer().Equals(address);
            return isBarePeer
                ? await DialAsync(peer!, cancellationToken).ConfigureAwait(false)
                : new DialOutcome(DialStatus.AddressUnusable, null);
        }

        Task<DialOutcome>? dial;
        lock (_gate)
        {
            if (!_underWay.TryGetValue(address, out dial))
            {
                // Off the caller's stack: the attempt outlives a caller that gives up, and must not run under the gate.
                dial = Task.Run(() => ConnectAsync(address, transport), CancellationToken.None);
                _underWay.Add(address, dial);
            }
        }

        return await dial.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects to a peer at one of the addresses known for it.</summary>
    public async Task<DialOutcome> DialAsync(PeerId peer, CancellationToken cancellationToken)
    {
        if (peer == local)
            return new DialOutcome(DialStatus.Self, null);
        if (connections.TryGetPreferred(peer, out _))
            return new DialOutcome(DialStatus.Connected, peer);

        var last = new DialOutcome(DialStatus.AddressUnusable, null);
        foreach (Multiaddress address in addresses.Find(peer))
        {
            last = await DialAsync(address.WithPeer(peer), cancellationToken).ConfigureAwait(false);
            if (last.IsConnected || last.Status == DialStatus.Closed)
                break;
        }

        return last;
    }

    private async Task<DialOutcome> ConnectAsync(Multiaddress address, TransportAddress transport)
    {
        using var deadline = new Deadline(options.DialTimeout, time, closing);
        try
        {
            TcpChannel? socket = await TcpTransport.TryConnectAsync(transport.Host, transport.Port, deadline.Token).ConfigureAwait(false);
            if (socket is null)
                return new DialOutcome(DialStatus.Unreachable, null);

            ITransportChannel? channel = transport.IsWebSocket
                ? await WebSocketTransport.TryUpgradeAsync(socket, transport.Host, deadline.Token).ConfigureAwait(false)
                : socket;
            if (channel is null)
                return new DialOutcome(DialStatus.NegotiationFailed, null);

            DialOutcome outcome = await upgrade(channel, address.Peer, deadline.Token).ConfigureAwait(false);
            if (outcome.IsConnected)
                addresses.AddFirst(outcome.Peer, address);
            return outcome;
        }
        catch (OperationCanceledException)
        {
            return new DialOutcome(deadline.IsExpired ? DialStatus.TimedOut : DialStatus.Closed, null);
        }
        finally
        {
            lock (_gate)
                _underWay.Remove(address);
        }
    }
}
