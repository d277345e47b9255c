namespace P2PDB.Engine.Storage;

/// <summary>
/// The published states of a store, oldest first, as far as anybody reads them. Taking the newest and letting go are
/// for all threads; the rest is for the writer.
/// </summary>
internal sealed class SnapshotRegistry<TRoot>
    where TRoot : struct
{
    /// <summary>States kept to be used again, all in turn: each has the roots of its time until then.</summary>
    private const int SpareCountMax = 16;

    private readonly Queue<CountedSnapshot<TRoot>> _spare = new();
    private readonly Func<CountedSnapshot<TRoot>> _make;
    private CountedSnapshot<TRoot> _oldest;
    private CountedSnapshot<TRoot> _current;

    /// <summary>Begins with a state; others are made by <paramref name="make"/>.</summary>
    public SnapshotRegistry(CountedSnapshot<TRoot> first, Func<CountedSnapshot<TRoot>> make)
    {
        _oldest = _current = first;
        _make = make;
    }

    /// <summary>The newest state, not taken: for the writer.</summary>
    public CountedSnapshot<TRoot> Current => _current;

    /// <summary>The lowest commit number that anybody reads at, or may.</summary>
    public long OldestNumber => _oldest.CommitNumber;

    /// <summary>The newest state, held for the caller until it disposes it. Never waits.</summary>
    public CountedSnapshot<TRoot> Take()
    {
        while (true)
        {
            CountedSnapshot<TRoot> newest = Volatile.Read(ref _current);
            if (newest.TryHold())
            {
                // Looked at again: from here on the writer sees that somebody holds it, or we see that it is not the newest.
                if (ReferenceEquals(newest, Volatile.Read(ref _current)))
                    return newest;
                newest.Dispose();
            }
        }
    }

    /// <summary>
    /// Makes a new state the newest, of the one before and the roots that changed, and drops those that nobody holds. A companion
    /// of null stays the one before.
    /// </summary>
    public void Publish(ReadOnlySpan<KeyValuePair<TreeId, TRoot>> changes, long commitNumber, object? companion)
    {
        CountedSnapshot<TRoot> previous = _current;
        Invariant.Check(commitNumber > previous.CommitNumber, "commit numbers grow");
        CountedSnapshot<TRoot> next = _spare.TryDequeue(out CountedSnapshot<TRoot>? spare) ? spare : _make();
        next.Roots.Follow(previous.Roots, changes, commitNumber);
        next.Open(commitNumber, companion ?? previous.Companion);
        previous.Next = next;
        Interlocked.Exchange(ref _current, next);
        DropUnheld();
    }

    /// <summary>True where somebody reads at a commit number from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public bool AnyIn(long from, long to)
    {
        for (CountedSnapshot<TRoot>? state = _oldest; state is not null && state.CommitNumber < to; state = state.Next)
        {
            if (state.CommitNumber >= from && (state.IsHeld || ReferenceEquals(state, _current)))
                return true;
        }

        return false;
    }

    private void DropUnheld()
    {
        CountedSnapshot<TRoot>? before = null;
        CountedSnapshot<TRoot> state = _oldest;
        while (!ReferenceEquals(state, _current))
        {
            CountedSnapshot<TRoot> next = state.Next!;
            if (state.TryClose())
            {
                if (before is null)
                    _oldest = next;
                else
                    before.Next = next;
                if (_spare.Count < SpareCountMax)
                    _spare.Enqueue(state);
            }
            else
            {
                before = state;
            }

            state = next;
        }
    }
}
