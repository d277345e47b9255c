namespace P2PDB.Engine.Storage;

/// <summary>One atomic, unchanging view over all trees of a store. Safe for use by several threads.</summary>
internal abstract class StoreSnapshot : IDisposable
{
    /// <summary>The node-wide commit number this state was published under; 0 is the empty store.</summary>
    public abstract long CommitNumber { get; }

    /// <summary>
    /// The immutable object that the writer published together with this state, so that what belongs to it but is not
    /// bytes (the catalog's schemas) is consistent with it.
    /// </summary>
    public abstract object? Companion { get; }

    /// <summary>This state once more, to be let go of by itself.</summary>
    public abstract StoreSnapshot Hold();

    /// <summary>Copies the value of <paramref name="key"/> to <paramref name="target"/>; false, target cleared, when absent.</summary>
    public abstract bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target);

    /// <summary>
    /// Opens a cursor over one tree as of this state; a tree that does not exist is empty. A cursor that is done may be
    /// passed as <paramref name="recycled"/> to be used again in place of a new one.
    /// </summary>
    public abstract Cursor OpenCursor(TreeId tree, Cursor? recycled = null);

    /// <summary>About how many records a tree holds: for estimates, not for answers.</summary>
    public abstract long EstimateCount(TreeId tree);

    /// <summary>Lets go of the state; the store may free what only it held.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the state.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
