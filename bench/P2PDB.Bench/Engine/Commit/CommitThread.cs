using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;

namespace P2PDB.Bench.Engine.Commit;

/// <summary>
/// What <see cref="CommitLoop"/> is not: one thread that commits for all. Callers queue and sleep, it takes all that wait, does the same steps and
/// wakes them, with the same primitives.
/// </summary>
internal sealed class CommitThread : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<CommitRequest> _waiting = new();
    private readonly List<CommitRequest> _group = [];
    private readonly CommitSteps _steps;
    private readonly FlushMode _mode;
    private readonly Thread _thread;
    private bool _isEnding;

    public CommitThread(CommitSteps steps, FlushMode mode)
    {
        _steps = steps;
        _mode = mode;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Commits a transaction; returns when it is decided.</summary>
    public CommitStatus Commit(CommitRequest request)
    {
        request.Prepare();
        lock (_gate)
        {
            _waiting.Enqueue(request);
            if (_waiting.Count == 1)
                Monitor.Pulse(_gate);
        }

        request.WaitForTurn();
        return request.Status;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (TakeAll())
        {
            _steps.CommitGroup(_group, _mode);
            foreach (CommitRequest request in _group)
                request.SetDone();
            _group.Clear();
        }
    }

    private bool TakeAll()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isEnding)
                Monitor.Wait(_gate);
            while (_waiting.TryDequeue(out CommitRequest? request))
                _group.Add(request);
            return _group.Count > 0;
        }
    }
}
