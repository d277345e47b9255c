using P2PDB.Engine.Log;

namespace P2PDB.Engine.Sync;

/// <summary>
/// What the commit thread leaves for one session: which databases have news, and what became of the peer's entries. Bounded:
/// a database stands in it once, and no more batches are applied at a time than <see cref="SyncLimits.ApplyQueueCount"/>
/// and the frames read before the reader stopped.
/// </summary>
internal sealed class SessionMailbox
{
    private readonly Lock _lock = new();
    private readonly HashSet<DatabaseId> _news = [];
    private readonly Queue<AppliedBatch> _applied = [];
    private int _applyingCount;

    /// <summary>Batches handed to the commit thread whose outcome was not taken yet.</summary>
    public int ApplyingCount => Volatile.Read(ref _applyingCount);

    public void AddNews(DatabaseId database)
    {
        lock (_lock)
            _news.Add(database);
    }

    public bool TryTakeNews(out DatabaseId database)
    {
        lock (_lock)
        {
            foreach (DatabaseId first in _news)
            {
                database = first;
                _news.Remove(first);
                return true;
            }
        }

        database = default;
        return false;
    }

    public void BeginApply() => Interlocked.Increment(ref _applyingCount);

    public void EndApply(AppliedBatch outcome)
    {
        lock (_lock)
            _applied.Enqueue(outcome);
    }

    public bool TryTakeApplied(out AppliedBatch outcome)
    {
        lock (_lock)
        {
            if (!_applied.TryDequeue(out outcome))
                return false;
        }

        Interlocked.Decrement(ref _applyingCount);
        return true;
    }
}
