using Microsoft.Extensions.Logging;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Swarm;

/// <summary>Addresses that the operator wants connected: dialled at once, and again with growing pauses whenever the connection is lost.</summary>
internal sealed class KeptPeers(Dialer dialer, ConnectionTable connections, PeerDepartures departures, Random random, TimeProvider time, ILogger logger)
{
    /// <summary>Keeps one address connected until the token ends.</summary>
    public async Task KeepAsync(Multiaddress address, CancellationToken cancellationToken)
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
            // The swarm closes.
        }
    }
}
