namespace P2PDB.Engine.Storage;

/// <summary>
/// One published state, shared by all who read it, who are counted. Disposing it lets go of one hold; the object is used again for
/// another state when nobody holds it.
/// </summary>
internal abstract class CountedSnapshot<TRoot> : StoreSnapshot
    where TRoot : struct
{
    private const int Closed = int.MinValue / 2;

    private long _commitNumber;
    private object? _companion;
    private int _holders = Closed;

    /// <inheritdoc/>
    public override long CommitNumber => _commitNumber;

    /// <inheritdoc/>
    public override object? Companion => _companion;

    /// <summary>Where the trees begin.</summary>
    public RootTable<TRoot> Roots { get; } = new();

    /// <summary>The state published after this one: for the registry.</summary>
    public CountedSnapshot<TRoot>? Next { get; set; }

    /// <summary>True while anybody holds it.</summary>
    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    /// <inheritdoc/>
    public override StoreSnapshot Hold()
    {
        bool isHeld = TryHold();
        Invariant.Check(isHeld, "a state that is held is not closed");
        return this;
    }

    /// <summary>Fills the object for a new state, whose roots are set by now; nobody holds it yet.</summary>
    public void Open(long commitNumber, object? companion)
    {
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
        _companion = null;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Interlocked.Decrement(ref _holders);
        base.Dispose(disposing);
    }
}
