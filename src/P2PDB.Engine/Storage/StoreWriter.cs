namespace P2PDB.Engine.Storage;

/// <summary>
/// The one write under way: sees its own changes, nobody else does until <see cref="Publish"/>. Disposed unpublished, it
/// leaves no trace. Used by one thread.
/// </summary>
internal abstract class StoreWriter : IDisposable
{
    /// <summary>Copies the pending value of <paramref name="key"/> to <paramref name="target"/>; false when absent.</summary>
    public abstract bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target);

    /// <summary>Sets the value of a key; the tree comes into being with its first record.</summary>
    public abstract void Put(TreeId tree, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Removes a key; false when it was absent.</summary>
    public abstract bool Delete(TreeId tree, ReadOnlySpan<byte> key);

    /// <summary>Removes a tree with all its records; absent is no error.</summary>
    public abstract void DropTree(TreeId tree);

    /// <summary>
    /// Opens a cursor over the pending state of one tree. A write to that same tree makes it stale (seek again before
    /// reading on); writes to other trees do not.
    /// </summary>
    public abstract Cursor OpenCursor(TreeId tree, Cursor? recycled = null);

    /// <summary>
    /// Makes all changes visible at once under <paramref name="commitNumber"/>, which must grow. The write is over then.
    /// <paramref name="companion"/> null keeps the companion of the previous state.
    /// </summary>
    public abstract void Publish(long commitNumber, object? companion = null);

    /// <summary>Abandons the write unless it was published.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Abandons the write unless it was published.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
