namespace P2PDB.Engine.Sync;

/// <summary>
/// Does what may wait for the disk on a thread of its own, in the order it came, so that no network thread does. Without the
/// thread it does it at once: a simulated node is one thread.
/// </summary>
internal sealed class ApplyQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _work = [];
    private readonly SemaphoreSlim _available = new(0);
    private readonly Thread? _thread;
    private bool _isClosed;

    public ApplyQueue(bool isInline)
    {
        if (isInline)
            return;
        _thread = new Thread(Run) { IsBackground = true, Name = "p2pdb sync" };
        _thread.Start();
    }

    /// <summary>
    /// Queues a step. Bounded by what is queued: each peer stops being read at <see cref="SyncLimits.ApplyQueueCount"/> batches,
    /// each database joins once.
    /// </summary>
    public void Add(Action step)
    {
        if (_thread is null)
        {
            step();
            return;
        }

        lock (_lock)
        {
            if (_isClosed)
                return;
            _work.Enqueue(step);
        }

        _available.Release();
    }

    /// <summary>Ends after the step that is being done; what waits is dropped.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _work.Clear();
        }

        _available.Release();
        _thread?.Join();
        _available.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _available.Wait();
            Action? step;
            lock (_lock)
            {
                if (_isClosed)
                    return;
                step = _work.Dequeue();
            }

            step();
        }
    }
}
