namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// A node of the persistent B+tree. Inner nodes have children; their slot i (i ≥ 1) is a lower bound for child i and slot
/// 0 is not looked at. INVARIANT: a node is changed only by the edit whose number it carries; to everybody else it is
/// immutable.
/// </summary>
internal sealed class TreeNode
{
    /// <summary>Most slots of a node: small enough that copying a path for one write stays near 5 kB.</summary>
    public const int Capacity = 32;

    public readonly TreeSlot[] Slots;
    public readonly TreeNode[]? Children;
    public int Count;
    public long Edit;

    public TreeNode(long edit, bool isInner)
    {
        Edit = edit;
        Slots = new TreeSlot[Capacity];
        Children = isInner ? new TreeNode[Capacity] : null;
    }

    public bool IsLeaf => Children is null;

    /// <summary>First slot of a leaf whose key is at or after the key; <see cref="Count"/> when none is.</summary>
    public int LowerBound(ulong head, ReadOnlySpan<byte> key, out bool isEqual)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int order = Compare(in Slots[middle], head, key);
            if (order == 0)
            {
                isEqual = true;
                return middle;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }

        isEqual = false;
        return low;
    }

    /// <summary>The child of an inner node under which the key belongs.</summary>
    public int ChildFor(ulong head, ReadOnlySpan<byte> key)
    {
        int low = 1, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Compare(in Slots[middle], head, key) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>Opens slot <paramref name="index"/> for a new record or child; the node has room.</summary>
    public void InsertAt(int index, in TreeSlot slot, TreeNode? child)
    {
        Slots.AsSpan(index, Count - index).CopyTo(Slots.AsSpan(index + 1));
        Slots[index] = slot;
        if (Children is { } children)
        {
            children.AsSpan(index, Count - index).CopyTo(children.AsSpan(index + 1));
            children[index] = child!;
        }

        Count++;
    }

    /// <summary>Closes slot <paramref name="index"/>.</summary>
    public void RemoveAt(int index)
    {
        Count--;
        Slots.AsSpan(index + 1, Count - index).CopyTo(Slots.AsSpan(index));
        Slots[Count] = default;
        if (Children is { } children)
        {
            children.AsSpan(index + 1, Count - index).CopyTo(children.AsSpan(index));
            children[Count] = null!;
        }
    }

    /// <summary>Adds the slots of another node at the end; there is room.</summary>
    public void Append(TreeNode source)
    {
        source.Slots.AsSpan(0, source.Count).CopyTo(Slots.AsSpan(Count));
        if (source.Children is { } children)
            children.AsSpan(0, source.Count).CopyTo(Children.AsSpan(Count));
        Count += source.Count;
    }

    /// <summary>Empties the node.</summary>
    public void Clear()
    {
        Slots.AsSpan(0, Count).Clear();
        if (Children is { } children)
            children.AsSpan(0, Count).Clear();
        Count = 0;
    }

    /// <summary>Moves the slots from <paramref name="from"/> on to the end of <paramref name="target"/>.</summary>
    public void MoveTail(int from, TreeNode target)
    {
        int count = Count - from;
        Slots.AsSpan(from, count).CopyTo(target.Slots.AsSpan(target.Count));
        Slots.AsSpan(from, count).Clear();
        if (Children is { } children)
        {
            children.AsSpan(from, count).CopyTo(target.Children.AsSpan(target.Count));
            children.AsSpan(from, count).Clear();
        }

        target.Count += count;
        Count = from;
    }

    private static int Compare(in TreeSlot slot, ulong head, ReadOnlySpan<byte> key) =>
        slot.Head != head ? slot.Head.CompareTo(head) : slot.Key.SequenceCompareTo(key);
}
