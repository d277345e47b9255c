using Microsoft.Extensions.Logging;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Swarm;

/// <summary>Addresses that the operator wants connected: dialled at once, and again with growing pauses whenever the connection is lost.</summary>
internal sealed class KeptPeers(Dialer dialer, ConnectionTable connections, PeerDepartures departures, Random random, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly List<(Multiaddress Address, CancellationTokenSource Ending)> _kept = [];

    /// <summary>Keeps one address connected until the token ends, or its peer is let go.</summary>
    public async Task KeepAsync(Multiaddress address, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (Multiaddress, CancellationTokenSource) kept = (address, ending);
        lock (_gate)
            _kept.Add(kept);
        try
        {
            await KeepUntilAsync(address, ending.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _kept.Remove(kept);
        }
    }

    /// <summary>Ends the keeping of all addresses that name the peer.</summary>
    public void LetGo(PeerId peer)
    {
        lock (_gate)
        {
            foreach ((Multiaddress address, CancellationTokenSource ending) in _kept)
            {
                // What ends by it is continued elsewhere: a task that runs on here would come back for the list.
                if (address.Peer == peer)
                    _ = ending.CancelAsync();
            }
        }
    }

    private async Task KeepUntilAsync(Multiaddress address, CancellationToken cancellationToken)
    {
        var backoff = new DialBackoff(random, Limits.BackoffFirst);
        try
        {
            while (true)
            {
                DialOutcome outcome = await dialer.DialAsync(address, cancellationToken).ConfigureAwait(false);
                if (outcome.Status is DialStatus.Self or DialStatus.Closed)
                    return;

                if (outcome.IsConnected)
                {
                    long connectedAt = time.GetTimestamp();
                    await departures.WaitAsync(() => !connections.Contains(outcome.Peer), cancellationToken).ConfigureAwait(false);
                    if (time.GetElapsedTime(connectedAt) >= Limits.BackoffForgetAfter)
                        backoff.Forget();
                }

                TimeSpan pause = backoff.Next();
                LogMessages.PeerNotReached(logger, address, outcome.Status, pause);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The swarm closes, or the peer is let go.
        }
    }
}
