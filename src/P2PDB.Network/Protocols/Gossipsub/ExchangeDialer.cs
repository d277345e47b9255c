using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Dials peers that others named, a few at once; what is too much is left out, as it is only a help.</summary>
internal sealed class ExchangeDialer(PeerSwarm swarm, RunningTasks tasks, CancellationToken closing)
{
    private readonly SemaphoreSlim _free = new(Limits.GossipExchangeDialCountMax);

    /// <summary>Dials those that are not connected.</summary>
    public void Dial(IReadOnlyList<ExchangedPeer> peers)
    {
        foreach (ExchangedPeer peer in peers)
        {
            if (peer.Peer == swarm.LocalPeer || swarm.IsConnected(peer.Peer) || !_free.Wait(TimeSpan.Zero, CancellationToken.None))
                continue;
            if (!tasks.TryStart(() => DialAsync(peer)))
                _free.Release();
        }
    }

    private async Task DialAsync(ExchangedPeer peer)
    {
        try
        {
            if (!SignedPeerRecord.TryOpen(peer.SignedRecord.Span, out SignedPeerRecord? record))
                return;

            int attempts = 0;
            foreach (Multiaddress address in record!.Addresses)
            {
                if (attempts++ >= Limits.AddressesPerPeerMax)
                    return;
                if ((await swarm.DialAsync(address.WithPeer(peer.Peer), closing).ConfigureAwait(false)).IsConnected)
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // The gossip closes.
        }
        finally
        {
            _free.Release();
        }
    }
}
