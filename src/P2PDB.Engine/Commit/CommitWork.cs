namespace P2PDB.Engine.Commit;

/// <summary>
/// Something the commit loop does while nobody else does: the calling thread waits, and either finds it done by another or is
/// asked to lead.
/// </summary>
internal abstract class CommitWork
{
    private readonly object _signal = new();
    private Turn _turn;

    private enum Turn : byte
    {
        Waiting,
        Leading,
        Done,
    }

    /// <summary>True for commits of local transactions, which are taken many at a time.</summary>
    public virtual bool IsLocalCommit => false;

    /// <summary>Starts over, before the work is given to the loop.</summary>
    internal void Prepare() => _turn = Turn.Waiting;

    /// <summary>Waits until another thread did the work (false) or this one must lead (true).</summary>
    internal bool WaitForTurn()
    {
        lock (_signal)
        {
            while (_turn == Turn.Waiting)
                Monitor.Wait(_signal);
            return _turn == Turn.Leading;
        }
    }

    /// <summary>Wakes the waiting thread to lead.</summary>
    internal void Lead() => Set(Turn.Leading);

    /// <summary>Wakes the waiting thread with the work done.</summary>
    internal void SetDone() => Set(Turn.Done);

    /// <summary>Does the work, alone. Local commits are done together instead.</summary>
    internal virtual void Run()
    {
    }

    /// <summary>The loop has stopped: the work will not be done.</summary>
    internal abstract void Stop();

    private void Set(Turn turn)
    {
        lock (_signal)
        {
            _turn = turn;
            Monitor.Pulse(_signal);
        }
    }
}
