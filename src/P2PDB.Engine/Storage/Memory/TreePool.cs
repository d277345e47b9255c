namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// Nodes and cells that no tree has any more, to be used again: a warm write finds here what it needs. Bounded; what does not fit
/// is the garbage collector's. For one thread at a time.
/// </summary>
/// <param name="countMax">Nodes of a kind, and cells of a length, that are kept at most.</param>
internal sealed class TreePool(int countMax)
{
    /// <summary>Lengths of cells are multiples of this, so that a record that grows a little still finds one.</summary>
    private const int CellStep = 16;

    private const int CellLengthMax = 1024;

    private readonly Stack<TreeNode> _leaves = new();
    private readonly Stack<TreeNode> _inners = new();
    private readonly Stack<byte[]>?[] _cells = new Stack<byte[]>?[(CellLengthMax / CellStep) + 1];

    /// <summary>True where another leaf would not be kept.</summary>
    public bool IsFull => _leaves.Count >= countMax;

    /// <summary>An empty node that <paramref name="edit"/> owns.</summary>
    public TreeNode TakeNode(long edit, bool isInner)
    {
        if (!(isInner ? _inners : _leaves).TryPop(out TreeNode? node))
            return new TreeNode(edit, isInner);
        node.Edit = edit;
        return node;
    }

    /// <summary>A copy of a node that <paramref name="edit"/> owns.</summary>
    public TreeNode Copy(TreeNode source, long edit)
    {
        TreeNode copy = TakeNode(edit, !source.IsLeaf);
        copy.Append(source);
        return copy;
    }

    /// <summary>A slot for a record.</summary>
    public TreeSlot MakeSlot(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        byte[] cell = TakeCell(key.Length + value.Length);
        key.CopyTo(cell);
        value.CopyTo(cell.AsSpan(key.Length));
        return new TreeSlot { Head = TreeSlot.HeadOf(key), Cell = cell, KeyLength = key.Length, ValueLength = value.Length };
    }

    /// <summary>Takes a node that nobody refers to.</summary>
    public void Return(TreeNode node)
    {
        Stack<TreeNode> nodes = node.IsLeaf ? _leaves : _inners;
        if (nodes.Count >= countMax)
            return;
        node.Clear();
        nodes.Push(node);
    }

    /// <summary>Takes a cell that nobody refers to.</summary>
    public void Return(byte[] cell)
    {
        if (cell.Length > CellLengthMax)
            return;
        Stack<byte[]> cells = _cells[cell.Length / CellStep] ??= new Stack<byte[]>();
        if (cells.Count < countMax)
            cells.Push(cell);
    }

    private byte[] TakeCell(int length)
    {
        int steps = (length + CellStep - 1) / CellStep;
        if (steps < _cells.Length && _cells[steps] is { } cells && cells.TryPop(out byte[]? cell))
            return cell;
        return GC.AllocateUninitializedArray<byte>(steps < _cells.Length ? steps * CellStep : length);
    }
}
