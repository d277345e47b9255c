namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// An ordered tree of one owner's own, in memory: a transaction's write set over one tree of the store. Savepoints are
/// free. What a value means, a deletion among it, is the owner's affair. Used by one thread.
/// </summary>
/// <param name="pool">Where its memory comes from, and goes when it is cleared.</param>
internal sealed class OverlayTree(TreePool pool)
{
    private readonly PersistentTree _tree = new(default, 1, pool);
    private long _edit = 1;
    private bool _hasCursors;

    /// <summary>Number of records.</summary>
    public long Count => _tree.Root.Count;

    /// <summary>Finds a key; the value is valid until the next change.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => _tree.Root.TryGet(key, out value);

    /// <summary>Sets the value of a key.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => _tree.Put(key, value);

    /// <summary>Removes a key from the overlay itself; false when it was absent.</summary>
    public bool Remove(ReadOnlySpan<byte> key) => _tree.Delete(key);

    /// <summary>The state now, for <see cref="Rewind"/>.</summary>
    public TreeRoot Mark() => _tree.Freeze(++_edit);

    /// <summary>Goes back to a marked state, which stays marked.</summary>
    public void Rewind(TreeRoot mark) => _tree.Restore(mark, ++_edit);

    /// <summary>Forgets all records and marks; a cursor that is still read goes on with what it had.</summary>
    public void Clear()
    {
        if (_hasCursors)
            _tree.Restore(default, ++_edit);
        else
            _tree.Recycle(++_edit);
        _hasCursors = false;
    }

    /// <summary>
    /// Opens a cursor over the records as of now; later changes do not show in it. A cursor that is done may be passed as
    /// <paramref name="recycled"/> to be used again.
    /// </summary>
    public Cursor OpenCursor(Cursor? recycled = null)
    {
        TreeRoot root = Mark();
        _hasCursors = true;
        return recycled is TreeCursor cursor ? cursor.Rebind(root, null) : new TreeCursor(root);
    }
}
