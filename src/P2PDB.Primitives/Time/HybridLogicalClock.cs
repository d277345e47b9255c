namespace P2PDB.Primitives.Time;

/// <summary>
/// A clock that never stands still or goes back. Each timestamp is the wall clock's millisecond with counter 0, or, when
/// that is not later than the latest one given or observed, the latest plus one: the counter, which carries over into the
/// milliseconds. So time runs ahead of the wall clock by one millisecond for each 65,536 timestamps within one, and after
/// an observation from the future it stays there, counting, until the wall clock catches up. Who calls
/// <see cref="Observe"/> decides how far ahead another's timestamp may be. Safe for several threads, without a lock.
/// </summary>
/// <param name="timeProvider">The wall clock.</param>
public sealed class HybridLogicalClock(TimeProvider timeProvider)
{
    private ulong _latest;

    /// <summary>The latest timestamp given or observed; zero before the first.</summary>
    public HlcTimestamp Latest => new(Volatile.Read(ref _latest));

    /// <summary>A timestamp later than all given or observed so far.</summary>
    public HlcTimestamp Next()
    {
        ulong wall = WallClock();
        while (true)
        {
            ulong latest = Volatile.Read(ref _latest);
            // Wrapping to zero would break the one promise of this class; it takes a timestamp from the year 10889.
            ulong next = wall > latest ? wall : checked(latest + 1);
            if (Interlocked.CompareExchange(ref _latest, next, latest) == latest)
                return new HlcTimestamp(next);
        }
    }

    /// <summary>Makes every later timestamp greater than <paramref name="timestamp"/>.</summary>
    public void Observe(HlcTimestamp timestamp)
    {
        ulong latest = Volatile.Read(ref _latest);
        while (timestamp.Value > latest)
        {
            ulong seen = Interlocked.CompareExchange(ref _latest, timestamp.Value, latest);
            if (seen == latest)
                return;
            latest = seen;
        }
    }

    private ulong WallClock()
    {
        long milliseconds = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        return (ulong)Math.Max(milliseconds, 0) << HlcTimestamp.CounterBits;
    }
}
