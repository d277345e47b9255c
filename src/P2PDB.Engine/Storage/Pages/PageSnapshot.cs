namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// One published state of a page store, shared by all who read it. Disposing it lets go of one hold; the object is used
/// again for another state when nobody holds it.
/// </summary>
internal sealed class PageSnapshot : StoreSnapshot
{
    private const int Closed = int.MinValue / 2;

    private readonly PageStore _store;
    private long _commitNumber;
    private object? _companion;
    private int _holders = Closed;

    public PageSnapshot(PageStore store) => _store = store;

    public override long CommitNumber => _commitNumber;

    public override object? Companion => _companion;

    /// <summary>Where the trees begin.</summary>
    public RootTable<PageRoot> Roots { get; private set; } = RootTable<PageRoot>.Empty;

    /// <summary>The state published after this one: for the registry.</summary>
    public PageSnapshot? Next { get; set; }

    /// <summary>True while anybody holds it.</summary>
    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    public override StoreSnapshot Hold()
    {
        Invariant.Check(TryHold(), "a state that is held is not closed");
        return this;
    }

    public override bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target) =>
        _store.Space.TryGet(Roots[tree], key, _commitNumber, target);

    public override Cursor OpenCursor(TreeId tree, Cursor? recycled = null) =>
        (recycled as PageCursor ?? new PageCursor(_store.Space)).Bind(Roots[tree], _commitNumber);

    public override long EstimateCount(TreeId tree) => _store.Counts.Get(tree);

    /// <summary>Fills the object for a new state; nobody holds it yet.</summary>
    public void Open(RootTable<PageRoot> roots, long commitNumber, object? companion)
    {
        Roots = roots;
        _commitNumber = commitNumber;
        _companion = companion;
        Next = null;
        Interlocked.Add(ref _holders, -Closed); // added: somebody may be about to find out that it was closed
    }

    /// <summary>Counts one more holder; false when the state is closed.</summary>
    public bool TryHold()
    {
        if (Interlocked.Increment(ref _holders) > 0)
            return true;
        Interlocked.Decrement(ref _holders);
        return false;
    }

    /// <summary>Closes the state where nobody holds it.</summary>
    public bool TryClose()
    {
        if (Interlocked.CompareExchange(ref _holders, Closed, 0) != 0)
            return false;
        Roots = RootTable<PageRoot>.Empty;
        _companion = null;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        Interlocked.Decrement(ref _holders);
        base.Dispose(disposing);
    }
}
