// Changes to one tree within one write. Leaves are changed in their pending versions (PageCache.Touch); inner nodes are
// replaced on the way up to the root where a leaf comes or goes, see InnerNode.
//
// Splits: a leaf that grows at its end keeps all it has and starts an empty one after it, so ascending keys fill leaves
// completely; elsewhere it is cut in half by bytes. The separator is the shortest key that divides the two. Removals: a leaf
// that is under a quarter full is joined with a neighbour under the same node where both fit in three quarters.
using System.Buffers;
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>One tree as the write under way sees it; see the prose above. Used by the writer alone.</summary>
internal sealed class PageTree(PageSpace space)
{
    private const int DepthMax = 16;
    private const int Room = PageFormat.ImageLength - 32;

    private readonly InnerNode[] _nodes = new InnerNode[DepthMax];
    private readonly int[] _indexes = new int[DepthMax];
    private readonly byte[] _scratch = new byte[PageFormat.ImageLength];
    private readonly byte[] _reference = new byte[LeafPage.LongReferenceLength];
    private readonly byte[] _separator = new byte[PageFormat.KeyLengthMax];
    private int _depth;
    private bool _isWayKnown;

    /// <summary>The first half of a node that was split, on its way into the node above.</summary>
    private InnerNode? _split;

    /// <summary>Where the tree begins now.</summary>
    public PageRoot Root { get; private set; }

    /// <summary>Records in the tree, as far as is known.</summary>
    public long Count { get; private set; }

    /// <summary>Counts the changes, so that a stale cursor can be found out.</summary>
    public long Version { get; private set; }

    private PageCache Cache => space.Cache;

    /// <summary>Begins with a published root.</summary>
    public PageTree Begin(PageRoot root, long count)
    {
        Root = root;
        Count = count;
        Version++;
        _isWayKnown = false;
        return this;
    }

    /// <summary>Copies the value of a key; false when it is absent.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, RecordBuffer target)
    {
        if (!Root.IsEmpty)
            return space.TryGetInLeaf(Descend(key), key, Frame.Pending, target);
        target.Clear();
        return false;
    }

    /// <summary>Sets the value of a key.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Invariant.Check(key.Length <= PageFormat.KeyLengthMax, "a key is at most 8,000 bytes long");
        Version++;
        space.Pending.Spill();
        ReadOnlySpan<byte> stored = value;
        bool isLong = key.Length + value.Length > LeafPage.InlineLengthMax;
        if (isLong)
        {
            LongValue.Write(space, value, _reference);
            stored = _reference;
            Root = Root with { HasLongValues = true };
        }

        while (!TryPut(key, stored, isLong))
        {
        }
    }

    /// <summary>Removes a key; false when it was absent.</summary>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        if (Root.IsEmpty)
            return false;
        space.Pending.Spill();
        long page = Descend(key);
        int pinned = Cache.Pin(page, Frame.Pending);
        bool isFound;
        using (new PinScope(Cache, pinned))
            _ = new LeafPage(Cache.Image(pinned)).LowerBound(key, out isFound);
        if (!isFound)
            return false;

        Version++;
        Count--;
        var leaf = new LeafPage(Cache.Image(TouchLeaf(ref page)));
        int index = leaf.LowerBound(key, out _);
        FreeLong(leaf, index);
        leaf.RemoveAt(index);
        if (leaf.UsedLength < Room / 4 && _depth > 0)
            Join(page, leaf);
        return true;
    }

    /// <summary>Removes all records.</summary>
    public void Clear()
    {
        Version++;
        Count = 0;
        if (Root.Node is { } node)
            FreeBelow(node);
        else if (Root.Leaf > 0)
            FreeLeaf(Root.Leaf);
        Root = default;
        _isWayKnown = false;
    }

    private bool TryPut(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isLong)
    {
        if (Root.IsEmpty)
        {
            long first = space.Create();
            LeafPage.Create(Cache.Image(space.Pending.Create(first)), first, default);
            Root = Root with { Leaf = first };
        }

        long page = Descend(key);
        var leaf = new LeafPage(Cache.Image(TouchLeaf(ref page)));
        int index = leaf.LowerBound(key, out bool isEqual);
        if (isEqual)
        {
            FreeLong(leaf, index);
            if (leaf.TryReplace(index, value, isLong, _scratch))
                return true;
            leaf.RemoveAt(index);
            Count--;
        }

        if (leaf.TryInsert(index, key, value, isLong, _scratch))
        {
            Count++;
            return true;
        }

        Split(page, leaf, index, key);
        return false;
    }

    private void FreeLong(LeafPage leaf, int index)
    {
        ReadOnlySpan<byte> value = leaf.ValueAt(index, out bool isLong);
        if (isLong)
            LongValue.Free(space, value);
    }

    private void FreeBelow(InnerNode node)
    {
        for (int i = 0; i < node.Count; i++)
        {
            if (node.Level > 1)
                FreeBelow(space.Child(node, i));
            else
                FreeLeaf(node.LeafAt(i));
        }

        space.Replace(node);
    }

    private void FreeLeaf(long page)
    {
        if (Root.HasLongValues)
        {
            int frame = Cache.Pin(page, Frame.Pending);
            using (new PinScope(Cache, frame))
            {
                var leaf = new LeafPage(Cache.Image(frame));
                for (int i = 0; i < leaf.Count; i++)
                    FreeLong(leaf, i);
            }
        }

        space.Free(page);
    }

    /// <summary>
    /// Goes down to the leaf under which a key belongs, and keeps the way: the next key often belongs there too, where rows come in
    /// order, or are read and then written.
    /// </summary>
    private long Descend(ReadOnlySpan<byte> key)
    {
        if (Root.Node is not { } node)
        {
            _depth = 0;
            return Root.Leaf;
        }

        if (_isWayKnown && IsUnderWay(key))
            return _nodes[_depth - 1].LeafAt(_indexes[_depth - 1]);
        _depth = 0;
        _isWayKnown = true;
        ulong head = TreeSlot.HeadOf(key);
        while (true)
        {
            int index = node.ChildFor(head, key);
            _nodes[_depth] = node;
            _indexes[_depth++] = index;
            if (node.Level == 1)
                return node.LeafAt(index);
            node = space.Child(node, index);
        }
    }

    private bool IsUnderWay(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> low = BoundOf(0), high = BoundOf(1);
        return (low.IsEmpty || key.SequenceCompareTo(low) >= 0) && (high.IsEmpty || key.SequenceCompareTo(high) < 0);
    }

    /// <summary>The frame of the pending version of the leaf on the way, which may get another number.</summary>
    private int TouchLeaf(ref long page) => Touch(ref page, _depth > 0 ? _indexes[_depth - 1] : 0);

    /// <summary>The frame of the pending version of a leaf under the lowest node on the way; it may get another number.</summary>
    private int Touch(ref long page, int index)
    {
        if (space.Pending.TryTouch(page, out int frame))
            return frame;
        long moved = space.Create();
        frame = space.Pending.CreateFrom(moved, page);
        space.Free(page);
        page = moved;
        Version++;
        if (_depth == 0)
        {
            Root = Root with { Leaf = moved };
            return frame;
        }

        InnerNode node = _nodes[_depth - 1].WithLeaf(index, moved, space.Write);
        for (int depth = _depth - 1; ; depth--)
        {
            space.Replace(_nodes[depth]);
            _nodes[depth] = node;
            if (depth == 0)
                break;
            node = _nodes[depth - 1].With(_indexes[depth - 1], node, space.Write);
        }

        Root = Root with { Node = node };
        return frame;
    }

    /// <summary>
    /// The separator before the child <paramref name="offset"/> places after the leaf on the way; empty where that is an end of
    /// the tree. Places beyond the lowest node do not occur but for its two ends.
    /// </summary>
    private ReadOnlySpan<byte> BoundOf(int offset)
    {
        if (_depth == 0)
            return default;
        int index = _indexes[_depth - 1] + offset;
        for (int depth = _depth - 1; ; depth--)
        {
            if (index > 0 && index < _nodes[depth].Count)
                return _nodes[depth].Separator(index);
            if (depth == 0)
                return default;

            // The node's own lower bound, or the lower bound of what comes after it.
            index = _indexes[depth - 1] + (index > 0 ? 1 : 0);
        }
    }

    private static ReadOnlySpan<byte> PrefixOf(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high) => low[..low.CommonPrefixLength(high)];

    private void Split(long page, LeafPage leaf, int index, ReadOnlySpan<byte> key)
    {
        int count = leaf.Count;
        int from = index == count ? count : leaf.MiddleByLength();
        byte[] image = ArrayPool<byte>.Shared.Rent(PageFormat.ImageLength);
        Span<byte> copy = image.AsSpan(0, PageFormat.ImageLength);
        int frame = TouchLeaf(ref page);
        Cache.Image(frame).CopyTo(copy);
        var old = new LeafPage(copy);

        Span<byte> last = _scratch;
        last = last[..old.CopyKey(from - 1, last)];
        int length;
        if (from == count)
        {
            length = last.CommonPrefixLength(key) + 1;
            key[..length].CopyTo(_separator);
        }
        else
        {
            _ = old.CopyKey(from, _separator);
            length = last.CommonPrefixLength(_separator) + 1;
        }

        ReadOnlySpan<byte> separator = _separator.AsSpan(0, length);
        ReadOnlySpan<byte> low = BoundOf(0), high = BoundOf(1);
        Fill(page, frame, PrefixOf(low, separator), old, 0, from);
        long right = space.Create();
        Fill(right, space.Pending.Create(right), PrefixOf(separator, high), old, from, count);
        ArrayPool<byte>.Shared.Return(image);
        AddChild(separator, page, right);
    }

    private void Fill(long page, int frame, ReadOnlySpan<byte> prefix, LeafPage source, int from, int to)
    {
        Span<byte> image = Cache.Image(frame);
        LeafPage.Create(image, page, prefix);
        bool isWhole = new LeafPage(image).TryAppend(source, from, to);
        Invariant.Check(isWhole, "a part of a leaf fits into a leaf");
    }

    /// <summary>Adds a leaf after the one on the way.</summary>
    private void AddChild(ReadOnlySpan<byte> separator, long left, long right)
    {
        _isWayKnown = false;
        InnerNode? child = null;
        for (int depth = _depth - 1; depth >= 0; depth--)
        {
            InnerNode node = _nodes[depth];
            int index = _indexes[depth] + 1;
            InnerNode whole = child is null ? node : node.With(index - 1, _split!, space.Write);
            space.Replace(node);
            if (node.Count < InnerNode.ChildrenMax && node.SeparatorsLength + separator.Length <= InnerPage.SeparatorsLengthMax)
            {
                ReplaceAbove(depth, whole.WithInserted(index, separator, right, child, space.Write));
                return;
            }

            // The separator between the two halves goes up; it is copied, for it may lie in a node that is given up.
            int middle = index == node.Count ? node.Count - 1 : node.Count / 2;
            byte[] up = whole.Separator(middle).ToArray();
            InnerNode first = whole.Slice(0, middle, space.Write);
            InnerNode second = whole.Slice(middle, whole.Count, space.Write);
            if (index <= middle)
                first = first.WithInserted(index, separator, right, child, space.Write);
            else
                second = second.WithInserted(index - middle, separator, right, child, space.Write);
            _split = first;
            child = second;
            separator = up;
            right = 0;
        }

        Root = Root with
        {
            Leaf = 0,
            Node = child is null
                ? InnerNode.OverLeaves(left, separator, right, space.Write)
                : InnerNode.OverNodes(_split!, separator, child, space.Write),
        };
        _split = null;
    }

    /// <summary>Puts a node in the place of the one at a depth of the way, and new ones in the places above.</summary>
    private void ReplaceAbove(int depth, InnerNode node)
    {
        while (depth-- > 0)
        {
            InnerNode above = _nodes[depth];
            space.Replace(above);
            node = above.With(_indexes[depth], node, space.Write);
        }

        Root = Root with { Node = node };
        _split = null;
    }

    /// <summary>Joins a leaf that has become small with a neighbour under the same node, where one is small enough.</summary>
    private void Join(long page, LeafPage leaf)
    {
        InnerNode node = _nodes[_depth - 1];
        int index = _indexes[_depth - 1];
        if (index + 1 < node.Count && TryJoin(page, leaf, node.LeafAt(index + 1), BoundOf(0), BoundOf(2), index + 1))
            return;
        if (index > 0)
        {
            long left = node.LeafAt(index - 1);
            int pinned = Cache.Pin(left, Frame.Pending);
            using var scope = new PinScope(Cache, pinned);
            TryJoin(left, new LeafPage(Cache.Image(pinned)), page, BoundOf(-1), BoundOf(1), index);
        }
    }

    private bool TryJoin(long left, LeafPage leftLeaf, long right, ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, int gone)
    {
        int pinned = Cache.Pin(right, Frame.Pending);
        using var scope = new PinScope(Cache, pinned);
        var rightLeaf = new LeafPage(Cache.Image(pinned));
        ReadOnlySpan<byte> prefix = PrefixOf(low, high);
        int length = leftLeaf.UsedLength + (leftLeaf.Count * (leftLeaf.Prefix.Length - prefix.Length))
            + rightLeaf.UsedLength + (rightLeaf.Count * (rightLeaf.Prefix.Length - prefix.Length)) + prefix.Length;
        if (length > (leftLeaf.Count == 0 || rightLeaf.Count == 0 ? Room : Room * 3 / 4))
            return false;

        int frame = Touch(ref left, gone - 1);
        Cache.Image(frame).CopyTo(_scratch);
        Fill(left, frame, prefix, new LeafPage(_scratch), 0, leftLeaf.Count);
        bool isWhole = new LeafPage(Cache.Image(frame)).TryAppend(rightLeaf, 0, rightLeaf.Count);
        Invariant.Check(isWhole, "two leaves that were measured fit into one");
        space.Free(right);
        RemoveChild(gone);
        return true;
    }

    /// <summary>Takes a leaf out of the lowest node on the way; nodes that become small are joined in turn.</summary>
    private void RemoveChild(int index)
    {
        _isWayKnown = false;
        int depth = _depth - 1;
        space.Replace(_nodes[depth]);
        InnerNode node = _nodes[depth].Without(index, space.Write);
        while (depth > 0 && node.Count < InnerNode.ChildrenMax / 4)
        {
            InnerNode above = _nodes[depth - 1];
            int at = _indexes[depth - 1];
            bool isLast = at + 1 == above.Count;
            if (above.Count == 1)
                break;
            InnerNode neighbour = space.Child(above, isLast ? at - 1 : at + 1);
            ReadOnlySpan<byte> separator = above.Separator(isLast ? at : at + 1);
            if (node.Count + neighbour.Count > InnerNode.ChildrenMax * 3 / 4
                || node.SeparatorsLength + neighbour.SeparatorsLength + separator.Length > InnerPage.SeparatorsLengthMax * 3 / 4)
            {
                break;
            }

            InnerNode joined = isLast
                ? neighbour.JoinedWith(separator, node, space.Write)
                : node.JoinedWith(separator, neighbour, space.Write);
            space.Replace(neighbour);
            space.Replace(above);
            int first = isLast ? at - 1 : at;
            node = above.With(first, joined, space.Write).Without(first + 1, space.Write);
            depth--;
        }

        ReplaceAbove(depth, node);
        while (Root.Node is { Count: 1 } top)
        {
            space.Replace(top);
            Root = top.Level == 1 ? Root with { Node = null, Leaf = top.LeafAt(0) } : Root with { Node = space.Child(top, 0) };
        }
    }

    /// <summary>Lets go of a pinned frame at the end of a scope.</summary>
    private readonly ref struct PinScope(PageCache cache, int frame)
    {
        public void Dispose() => cache.Unpin(frame);
    }
}
