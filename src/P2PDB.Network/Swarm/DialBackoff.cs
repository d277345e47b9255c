namespace P2PDB.Network.Swarm;

/// <summary>
/// The pauses between attempts to reach one peer: doubling from the first to 10 min, each ± 20 % so that peers that lost each other at the same
/// moment do not meet in step for ever.
/// </summary>
internal sealed class DialBackoff(Random random, TimeSpan first)
{
    private int _failureCount;

    /// <summary>The pause after one more failure.</summary>
    public TimeSpan Next()
    {
        double seconds = first.TotalSeconds * Math.Pow(2, _failureCount);
        if (seconds < Limits.BackoffLast.TotalSeconds)
            _failureCount++;

        double jitter;
        lock (random)
            jitter = 0.8 + (0.4 * random.NextDouble());
        return TimeSpan.FromSeconds(Math.Min(seconds, Limits.BackoffLast.TotalSeconds) * jitter);
    }

    /// <summary>Starts over after a connection that held.</summary>
    public void Forget() => _failureCount = 0;
}
