// Inner nodes are objects in memory and never change: a split or a removal makes new ones on the way up to the root, and
// whoever holds an old root goes on seeing the old tree. So readers need no latches above the leaves, and scans go in both
// directions without links between leaves. They are few (one for about 200 leaves of 16 KiB).
//
// A node has 1 to ChildrenMax children. Separator i (1 <= i < Count) is a lower bound of child i and above all keys of child
// i - 1; child 0 has none. On level 1 the children are leaves, named by page number. Above they are nodes; one that was not
// needed since the start is named by the page that a checkpoint stored it in, and read at first use.
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>An inner node of a page tree: immutable, see the prose above.</summary>
internal sealed class InnerNode
{
    /// <summary>Most children: a copy for a split stays near 8 kB.</summary>
    public const int ChildrenMax = 240;

    private readonly ulong[] _heads;
    private readonly byte[] _keys;
    private readonly ushort[] _ends;
    private readonly long[] _pages;
    private readonly InnerNode?[]? _children;

    private InnerNode(int level, long[] pages, InnerNode?[]? children, byte[] keys, ushort[] ends, long write)
    {
        Level = level;
        Write = write;
        _pages = pages;
        _children = children;
        _keys = keys;
        _ends = ends;
        _heads = new ulong[pages.Length];
        for (int i = 1; i < pages.Length; i++)
            _heads[i] = TreeSlot.HeadOf(Separator(i));
    }

    /// <summary>A node with the keys of another.</summary>
    private InnerNode(InnerNode keys, long[] pages, InnerNode?[]? children, long write)
    {
        Level = keys.Level;
        Write = write;
        _pages = pages;
        _children = children;
        _keys = keys._keys;
        _ends = keys._ends;
        _heads = keys._heads;
    }

    /// <summary>1 above the leaves, more further up.</summary>
    public int Level { get; }

    /// <summary>Number of children.</summary>
    public int Count => _pages.Length;

    /// <summary>The page that holds this node since a checkpoint; 0 while none does. Set once.</summary>
    public long Page { get; set; }

    /// <summary>Number of the write that made it; 0 when it was read from its page.</summary>
    public long Write { get; }

    /// <summary>Bytes of all separators.</summary>
    public int SeparatorsLength => _keys.Length;

    /// <summary>A node over two leaves.</summary>
    public static InnerNode OverLeaves(long left, ReadOnlySpan<byte> separator, long right, long write) =>
        new(1, [left, right], null, separator.ToArray(), [0, (ushort)separator.Length], write);

    /// <summary>A node over two nodes.</summary>
    public static InnerNode OverNodes(InnerNode left, ReadOnlySpan<byte> separator, InnerNode right, long write) =>
        new(left.Level + 1, new long[2], [left, right], separator.ToArray(), [0, (ushort)separator.Length], write);

    /// <summary>
    /// A node as a page had it: <paramref name="keys"/> are the separators one after another, <paramref name="ends"/> where each
    /// ends.
    /// </summary>
    public static InnerNode Read(int level, long page, long[] pages, byte[] keys, ushort[] ends) =>
        new(level, pages, level > 1 ? new InnerNode?[pages.Length] : null, keys, ends, write: 0) { Page = page };

    /// <summary>The page number of a leaf below, on level 1.</summary>
    public long LeafAt(int index) => _pages[index];

    /// <summary>The node below where it is in memory, above level 1; null when it lies in the page <see cref="StoredChildAt"/>.</summary>
    public InnerNode? LoadedChildAt(int index) => Volatile.Read(ref _children![index]);

    /// <summary>The page that the node below is stored in; 0 while it is none.</summary>
    public long StoredChildAt(int index) => LoadedChildAt(index)?.Page ?? _pages[index];

    /// <summary>Keeps a node below that was read from its page.</summary>
    public InnerNode KeepChild(int index, InnerNode child) =>
        Interlocked.CompareExchange(ref _children![index], child, null) ?? child;

    /// <summary>The lower bound of child <paramref name="index"/>, which is not the first.</summary>
    public ReadOnlySpan<byte> Separator(int index) => _keys.AsSpan(_ends[index - 1].._ends[index]);

    /// <summary>The child under which a key belongs.</summary>
    public int ChildFor(ulong head, ReadOnlySpan<byte> key)
    {
        ulong[] heads = _heads;
        int low = 1, high = heads.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            ulong other = heads[middle];
            if (other < head || (other == head && Separator(middle).SequenceCompareTo(key) <= 0))
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>This node with child <paramref name="index"/> exchanged for one of the same keys.</summary>
    public InnerNode With(int index, InnerNode child, long write)
    {
        InnerNode?[] children = [.. _children!];
        children[index] = child;
        return new InnerNode(this, _pages, children, write);
    }

    /// <summary>This node with leaf <paramref name="index"/> under another page number.</summary>
    public InnerNode WithLeaf(int index, long page, long write)
    {
        long[] pages = [.. _pages];
        pages[index] = page;
        return new InnerNode(this, pages, null, write);
    }

    /// <summary>This node with one more leaf at <paramref name="index"/> (not 0), or a node above level 1.</summary>
    public InnerNode WithInserted(int index, ReadOnlySpan<byte> separator, long leaf, InnerNode? child, long write)
    {
        long[] pages = Inserted(_pages, index, leaf);
        InnerNode?[]? children = _children is null ? null : Inserted(_children, index, child);
        int start = _ends[index - 1];
        byte[] keys = new byte[_keys.Length + separator.Length];
        _keys.AsSpan(0, start).CopyTo(keys);
        separator.CopyTo(keys.AsSpan(start));
        _keys.AsSpan(start).CopyTo(keys.AsSpan(start + separator.Length));
        ushort[] ends = Inserted(_ends, index, (ushort)0);
        ends[index] = (ushort)(start + separator.Length);
        for (int i = index + 1; i < ends.Length; i++)
            ends[i] += (ushort)separator.Length;
        return new InnerNode(Level, pages, children, keys, ends, write);
    }

    /// <summary>
    /// This node without child <paramref name="index"/>: what belonged there belongs to the one before it, or for the first to
    /// the next.
    /// </summary>
    public InnerNode Without(int index, long write)
    {
        // The first child takes its separator's place with it: the next child becomes the one without.
        int gone = Math.Max(index, 1);
        int length = Separator(gone).Length;
        int start = _ends[gone - 1];
        byte[] keys = [.. _keys.AsSpan(0, start), .. _keys.AsSpan(start + length)];
        ushort[] ends = Removed(_ends, gone);
        for (int i = gone; i < ends.Length; i++)
            ends[i] -= (ushort)length;
        return new InnerNode(
            Level, Removed(_pages, index), _children is null ? null : Removed(_children, index), keys, ends, write);
    }

    /// <summary>Children from one index to another as a node of their own.</summary>
    public InnerNode Slice(int from, int to, long write)
    {
        ushort start = _ends[from];
        ushort[] ends = _ends[from..to];
        for (int i = 0; i < ends.Length; i++)
            ends[i] -= start;
        return new InnerNode(Level, _pages[from..to], _children?[from..to], _keys[start.._ends[to - 1]], ends, write);
    }

    /// <summary>This node and the one after it as one, divided by <paramref name="separator"/>.</summary>
    public InnerNode JoinedWith(ReadOnlySpan<byte> separator, InnerNode right, long write)
    {
        int offset = _keys.Length + separator.Length;
        ushort[] ends = [.. _ends, .. right._ends];
        for (int i = Count; i < ends.Length; i++)
            ends[i] += (ushort)offset;
        return new InnerNode(
            Level, [.. _pages, .. right._pages], _children is null ? null : [.. _children, .. right._children!],
            [.. _keys, .. separator, .. right._keys], ends, write);
    }

    private static T[] Inserted<T>(T[] source, int index, T item)
    {
        T[] result = new T[source.Length + 1];
        source.AsSpan(0, index).CopyTo(result);
        result[index] = item;
        source.AsSpan(index).CopyTo(result.AsSpan(index + 1));
        return result;
    }

    private static T[] Removed<T>(T[] source, int index)
    {
        T[] result = new T[source.Length - 1];
        source.AsSpan(0, index).CopyTo(result);
        source.AsSpan(index + 1).CopyTo(result.AsSpan(index));
        return result;
    }
}
