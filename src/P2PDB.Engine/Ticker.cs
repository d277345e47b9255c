namespace P2PDB.Engine;

/// <summary>Does something about once a second, never twice at a time: a turn that takes longer leaves the next out.</summary>
internal sealed class Ticker(Action work) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private ITimer? _timer;
    private int _isRunning;
    private volatile bool _isStopped;

    /// <summary>Starts the clock; without it only <see cref="Run"/> does something.</summary>
    public void Start(TimeProvider timeProvider) => _timer = timeProvider.CreateTimer(_ => Run(), null, Period, Period);

    /// <summary>A turn now, unless one is under way or the ticker has stopped.</summary>
    public void Run()
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
            return;
        try
        {
            if (!_isStopped)
                work();
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>No turn begins any more; one may be under way.</summary>
    public void Stop()
    {
        _isStopped = true;
        _timer?.Dispose();
    }

    /// <summary>Stops, and waits for the turn under way.</summary>
    public void Dispose()
    {
        Stop();
        SpinWait.SpinUntil(() => Volatile.Read(ref _isRunning) == 0);
    }
}
