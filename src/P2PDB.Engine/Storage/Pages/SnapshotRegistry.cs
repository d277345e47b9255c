namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// The published states of a page store, oldest first, as far as anybody reads them. Taking the newest and letting go are
/// for all threads; the rest is for the writer.
/// </summary>
internal sealed class SnapshotRegistry
{
    private readonly Stack<PageSnapshot> _spare = new();
    private PageSnapshot _oldest;
    private PageSnapshot _current;

    public SnapshotRegistry(PageSnapshot first) => _oldest = _current = first;

    /// <summary>The newest state, not taken: for the writer.</summary>
    public PageSnapshot Current => _current;

    /// <summary>The lowest commit number that anybody reads at, or may.</summary>
    public long OldestNumber => _oldest.CommitNumber;

    /// <summary>The newest state, held for the caller until it disposes it. Never waits.</summary>
    public PageSnapshot Take()
    {
        while (true)
        {
            PageSnapshot newest = Volatile.Read(ref _current);
            if (newest.TryHold())
            {
                // Looked at again: from here on the writer sees that somebody holds it, or we see that it is not the newest.
                if (ReferenceEquals(newest, Volatile.Read(ref _current)))
                    return newest;
                newest.Dispose();
            }
        }
    }

    /// <summary>Makes a new state the newest and drops those that nobody holds.</summary>
    public void Publish(PageStore store, RootTable<PageRoot> roots, long commitNumber, object? companion)
    {
        Invariant.Check(commitNumber > _current.CommitNumber, "commit numbers grow");
        PageSnapshot next = _spare.TryPop(out PageSnapshot? spare) ? spare : new PageSnapshot(store);
        next.Open(roots, commitNumber, companion);
        PageSnapshot previous = _current;
        previous.Next = next;
        Interlocked.Exchange(ref _current, next);
        DropUnheld();
    }

    /// <summary>True where somebody reads at a commit number from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public bool AnyIn(long from, long to)
    {
        for (PageSnapshot? state = _oldest; state is not null && state.CommitNumber < to; state = state.Next)
        {
            if (state.CommitNumber >= from && (state.IsHeld || ReferenceEquals(state, _current)))
                return true;
        }

        return false;
    }

    private void DropUnheld()
    {
        PageSnapshot? before = null;
        PageSnapshot state = _oldest;
        while (!ReferenceEquals(state, _current))
        {
            PageSnapshot next = state.Next!;
            if (state.TryClose())
            {
                if (before is null)
                    _oldest = next;
                else
                    before.Next = next;
                if (_spare.Count < 16)
                    _spare.Push(state);
            }
            else
            {
                before = state;
            }

            state = next;
        }
    }
}
