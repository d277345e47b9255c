namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// Nodes and cells of published trees that a write replaced: they go back to the pool once nobody reads a state that has them.
/// Bounded: what is replaced while somebody reads an old state for long is the garbage collector's. For the writer.
/// </summary>
internal sealed class TreeRecycler(TreePool pool)
{
    private const int CountMax = 4096;

    private readonly List<object> _replaced = [];
    private readonly Queue<(long Commit, object Item)> _leaving = new();

    /// <summary>The trees of this write do not have the node any more.</summary>
    public void Replace(TreeNode node) => Note(node);

    /// <summary>The trees of this write do not have the cell any more.</summary>
    public void Replace(byte[] cell) => Note(cell);

    /// <summary>The write was published under a commit number; nobody reads at one before <paramref name="oldest"/>.</summary>
    public void Settle(long commit, long oldest)
    {
        while (_leaving.TryPeek(out (long Commit, object Item) first) && first.Commit <= oldest)
            Return(_leaving.Dequeue().Item);
        foreach (object item in _replaced)
        {
            if (commit <= oldest)
                Return(item);
            else if (_leaving.Count < CountMax)
                _leaving.Enqueue((commit, item));
        }

        _replaced.Clear();
    }

    /// <summary>The write was abandoned: its trees are forgotten, not those before.</summary>
    public void Abort() => _replaced.Clear();

    private void Note(object item)
    {
        if (_replaced.Count < CountMax)
            _replaced.Add(item);
    }

    private void Return(object item)
    {
        if (item is TreeNode node)
            pool.Return(node);
        else
            pool.Return((byte[])item);
    }
}
