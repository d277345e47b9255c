namespace P2PDB.Tests;

/// <summary>Time that passes only when a test says so; timers fire inside <see cref="Advance"/>.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that were made and not disposed: who waits for time to pass.</summary>
    public int TimerCount
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Lets time pass in steps of a second at most.</summary>
    public void Advance(TimeSpan time)
    {
        for (long left = time.Ticks; left > 0; left -= TimeSpan.TicksPerSecond)
        {
            Interlocked.Add(ref _ticks, Math.Min(left, TimeSpan.TicksPerSecond));
            ManualTimer[] timers;
            lock (_gate)
                timers = [.. _timers];
            foreach (ManualTimer timer in timers)
                timer.FireWhenDue();
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private long _due = long.MaxValue;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void FireWhenDue()
        {
            if (time.GetTimestamp() < _due)
                return;

            _due = _period > TimeSpan.Zero ? _due + _period.Ticks : long.MaxValue;
            callback(state);
        }

        public void Dispose()
        {
            _due = long.MaxValue;
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
