namespace P2PDB.Engine.Storage.Memory;

/// <summary>A position in a persistent tree: the path of nodes from the root, and an index into each.</summary>
internal sealed class TreeCursor : Cursor
{
    /// <summary>Deepest tree: a level multiplies by at least two after splits, so 2^24 leaves would fit many times over.</summary>
    private const int DepthMax = 24;

    /// <summary>
    /// PERF: how many records ahead of a walk cells are asked for from memory, to be there in time. A fourth to a fifth of the
    /// processor time of Q1, Q6 and COUNT(*) in docs/benchmarks.md.
    /// </summary>
    private const int PrefetchDistance = 6;

    private readonly TreeNode[] _nodes = new TreeNode[DepthMax];
    private readonly int[] _indexes = new int[DepthMax];
    private TreeRoot _root;
    private PersistentTree? _live;
    private long _version;
    private int _leaf = -1;

    public TreeCursor(TreeRoot root) => _root = root;

    /// <summary>Follows a tree that is being written: each seek starts from the tree's current root.</summary>
    public TreeCursor(PersistentTree live) => _live = live;

    public override bool IsValid => _leaf >= 0;

    public override ReadOnlySpan<byte> Key => Current.Key;

    public override ReadOnlySpan<byte> Value => Current.Value;

    private ref readonly TreeSlot Current
    {
        get
        {
            Invariant.Check(_leaf >= 0 && (_live is null || _live.Version == _version), "a cursor is read only where it stands");
            return ref _nodes[_leaf].Slots[_indexes[_leaf]];
        }
    }

    /// <summary>Turns the cursor to another tree, standing nowhere.</summary>
    public TreeCursor Rebind(TreeRoot root, PersistentTree? live)
    {
        _root = root;
        _live = live;
        _leaf = -1;
        return this;
    }

    public override bool SeekGe(ReadOnlySpan<byte> key)
    {
        if (!Descend(TreeSlot.HeadOf(key), key, out TreeNode leaf, out int depth))
            return false;
        _indexes[depth] = leaf.LowerBound(TreeSlot.HeadOf(key), key, out _);
        return _indexes[depth] < leaf.Count || MoveLeaf(forward: true);
    }

    public override bool SeekLe(ReadOnlySpan<byte> key)
    {
        if (!Descend(TreeSlot.HeadOf(key), key, out TreeNode leaf, out int depth))
            return false;
        int index = leaf.LowerBound(TreeSlot.HeadOf(key), key, out bool isEqual);
        _indexes[depth] = isEqual ? index : index - 1;
        return _indexes[depth] >= 0 || MoveLeaf(forward: false);
    }

    public override bool SeekFirst() => SeekEnd(last: false);

    public override bool SeekLast() => SeekEnd(last: true);

    public override bool Next()
    {
        _ = Current;
        int index = ++_indexes[_leaf];
        TreeNode leaf = _nodes[_leaf];
        if (index + PrefetchDistance < leaf.Count)
            leaf.Slots[index + PrefetchDistance].Prefetch();
        return index < leaf.Count || MoveLeaf(forward: true);
    }

    public override bool Previous()
    {
        _ = Current;
        return --_indexes[_leaf] >= 0 || MoveLeaf(forward: false);
    }

    public override int CountBefore(ReadOnlySpan<byte> end)
    {
        _ = Current;
        return Math.Max(_nodes[_leaf].LowerBound(TreeSlot.HeadOf(end), end, out _) - _indexes[_leaf], 0);
    }

    public override void Park()
    {
        _root = default;
        _live = null;
        _leaf = -1;
        Array.Clear(_nodes);
    }

    protected override void Dispose(bool disposing)
    {
        Park();
        base.Dispose(disposing);
    }

    private bool Start(out TreeNode node)
    {
        if (_live is not null)
        {
            _root = _live.Root;
            _version = _live.Version;
        }

        _leaf = -1;
        node = _root.Node!;
        return node is not null;
    }

    private bool Descend(ulong head, ReadOnlySpan<byte> key, out TreeNode leaf, out int depth)
    {
        depth = 0;
        if (!Start(out leaf))
            return false;
        while (leaf.Children is { } children)
        {
            _nodes[depth] = leaf;
            leaf = children[_indexes[depth++] = leaf.ChildFor(head, key)];
        }

        _nodes[depth] = leaf;
        _leaf = depth;
        return true;
    }

    private bool SeekEnd(bool last)
    {
        if (!Start(out TreeNode node))
            return false;
        DescendToEnd(node, 0, last);
        return true;
    }

    private void DescendToEnd(TreeNode node, int depth, bool last)
    {
        while (true)
        {
            _nodes[depth] = node;
            _indexes[depth] = last ? node.Count - 1 : 0;
            if (node.Children is not { } children)
                break;
            node = children[_indexes[depth++]];
        }

        _leaf = depth;
    }

    /// <summary>From past an end of the current leaf to the near end of the neighbouring one; invalid when there is none.</summary>
    private bool MoveLeaf(bool forward)
    {
        for (int depth = _leaf - 1; depth >= 0; depth--)
        {
            int index = _indexes[depth] + (forward ? 1 : -1);
            if ((uint)index >= (uint)_nodes[depth].Count)
                continue;
            _indexes[depth] = index;
            DescendToEnd(_nodes[depth].Children![index], depth + 1, last: !forward);
            return true;
        }

        _leaf = -1;
        return false;
    }
}
