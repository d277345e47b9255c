using P2PDB.Network.Multiaddr;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Dials peers that others named, a few at once; what is too much is left out, as it is only a help.</summary>
internal sealed class ExchangeDialer(PeerSwarm swarm, RunningTasks tasks, CancellationToken closing)
{
    private int _runningCount;

    /// <summary>Dials those that are not connected.</summary>
    public void Dial(IReadOnlyList<ExchangedPeer> peers)
    {
        foreach (ExchangedPeer peer in peers)
        {
            if (peer.Peer == swarm.LocalPeer || swarm.IsConnected(peer.Peer))
                continue;

            bool isFree = Interlocked.Increment(ref _runningCount) <= Limits.GossipExchangeDialCountMax;
            if (!isFree || !tasks.TryStart(() => DialAsync(peer)))
                Interlocked.Decrement(ref _runningCount);
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
            Interlocked.Decrement(ref _runningCount);
        }
    }
}
