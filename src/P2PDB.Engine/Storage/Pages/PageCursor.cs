using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// A position in a page tree: the way of nodes from the root, and a leaf that it keeps pinned, so that keys and values are
/// read where they lie.
/// </summary>
internal sealed class PageCursor(PageSpace space) : Cursor
{
    private const int DepthMax = 16;

    /// <summary>
    /// PERF: how many records ahead of a walk records are asked for from memory, to be there in time; the scans of P2PDB.Stores in docs/benchmarks.md show it.
    /// </summary>
    private const int PrefetchDistance = 6;

    private readonly InnerNode?[] _nodes = new InnerNode?[DepthMax];
    private readonly int[] _indexes = new int[DepthMax];
    private readonly RecordBuffer _key = new();
    private readonly RecordBuffer _long = new();
    private PageRoot _root;
    private PageTree? _live;
    private long _version;
    private long _commit;
    private int _depth;
    private int _frame = -1;
    private nint _image;
    private int _index;
    private int _count;
    private bool _isKeyCopied;

    public override bool IsValid => _frame >= 0;

    public override ReadOnlySpan<byte> Key
    {
        get
        {
            LeafPage leaf = Current;
            ReadOnlySpan<byte> prefix = leaf.Prefix;
            if (prefix.IsEmpty)
                return leaf.SuffixAt(_index);
            if (!_isKeyCopied)
            {
                ReadOnlySpan<byte> suffix = leaf.SuffixAt(_index);
                Span<byte> whole = _key.Prepare(prefix.Length + suffix.Length);
                prefix.CopyTo(whole);
                suffix.CopyTo(whole[prefix.Length..]);
                _isKeyCopied = true;
            }

            return _key.Span;
        }
    }

    public override ReadOnlySpan<byte> Value
    {
        get
        {
            ReadOnlySpan<byte> value = Current.ValueAt(_index, out bool isLong);
            return isLong ? ReadLong(value) : value;
        }
    }

    private LeafPage Current
    {
        get
        {
            Invariant.Check(_frame >= 0 && (_live is null || _live.Version == _version), "a cursor is read only where it stands");
            return Leaf;
        }
    }

    /// <summary>Turns the cursor to a tree as of a commit number, standing nowhere.</summary>
    public PageCursor Bind(PageRoot root, long commit)
    {
        LetGo();
        _root = root;
        _live = null;
        _commit = commit;
        return this;
    }

    /// <summary>Turns the cursor to a tree that is being written: each seek starts from its root of that moment.</summary>
    public PageCursor Bind(PageTree live)
    {
        LetGo();
        _live = live;
        _commit = Frame.Pending;
        return this;
    }

    public override bool SeekGe(ReadOnlySpan<byte> key)
    {
        if (!Descend(key))
            return false;
        _index = Leaf.LowerBound(key, out _);
        PrefetchFrom(_index);
        return _index < _count || MoveLeaf(forward: true);
    }

    public override bool SeekLe(ReadOnlySpan<byte> key)
    {
        if (!Descend(key))
            return false;
        int index = Leaf.LowerBound(key, out bool isEqual);
        _index = isEqual ? index : index - 1;
        return _index >= 0 || MoveLeaf(forward: false);
    }

    public override bool SeekFirst() => SeekEnd(last: false);

    public override bool SeekLast() => SeekEnd(last: true);

    public override bool Next()
    {
        LeafPage leaf = Current;
        _isKeyCopied = false;
        int ahead = ++_index + PrefetchDistance;
        if (ahead < _count)
            leaf.Prefetch(ahead);
        return _index < _count || MoveLeaf(forward: true);
    }

    public override bool Previous()
    {
        LeafPage leaf = Current;
        _isKeyCopied = false;
        int ahead = --_index - PrefetchDistance;
        if (ahead >= 0)
            leaf.Prefetch(ahead);
        return _index >= 0 || MoveLeaf(forward: false);
    }

    public override int CountBefore(ReadOnlySpan<byte> end) => Math.Max(Current.CountBefore(end) - _index, 0);

    public override ReadOnlySpan<byte> NextValue()
    {
        LeafPage leaf = Current;
        _isKeyCopied = false;
        int ahead = ++_index + PrefetchDistance;
        if (ahead < _count)
            leaf.Prefetch(ahead);
        ReadOnlySpan<byte> value = leaf.ValueAt(_index, out bool isLong);
        return isLong ? ReadLong(value) : value;
    }

    public override void Park()
    {
        LetGo();
        _root = default;
        _live = null;
        Array.Clear(_nodes);
    }

    protected override void Dispose(bool disposing)
    {
        Park();
        base.Dispose(disposing);
    }

    // SAFETY: the image is of the frame that the cursor has pinned, and of that length.
    private unsafe LeafPage Leaf => new(new Span<byte>((void*)_image, PageFormat.ImageLength));

    private ReadOnlySpan<byte> ReadLong(ReadOnlySpan<byte> reference)
    {
        LongValue.Read(space.Cache, reference, _commit, _long);
        return _long.Span;
    }

    private void LetGo()
    {
        if (_frame >= 0)
            space.Cache.Unpin(_frame);
        _frame = -1;
    }

    private bool Start()
    {
        LetGo();
        _isKeyCopied = false;
        if (_live is not null)
        {
            _root = _live.Root;
            _version = _live.Version;
        }

        _depth = 0;
        return !_root.IsEmpty;
    }

    // SAFETY: frames lie in native memory, which does not move; this one is pinned until it is let go of.
    private unsafe void Enter(long page)
    {
        _frame = space.Cache.Pin(page, _commit);
        _image = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(space.Cache.Image(_frame)));
        _count = Leaf.Count;
    }

    private bool Descend(ReadOnlySpan<byte> key)
    {
        if (!Start())
            return false;
        if (_root.Node is not { } node)
        {
            Enter(_root.Leaf);
            return true;
        }

        ulong head = TreeSlot.HeadOf(key);
        while (true)
        {
            int index = node.ChildFor(head, key);
            _nodes[_depth] = node;
            _indexes[_depth++] = index;
            if (node.Level == 1)
            {
                Enter(node.LeafAt(index));
                return true;
            }

            node = space.Child(node, index);
        }
    }

    private bool SeekEnd(bool last)
    {
        if (!Start())
            return false;
        if (_root.Node is { } node)
            DescendToEnd(node, last);
        else
            Enter(_root.Leaf);
        return StandAtEnd(last);
    }

    private void DescendToEnd(InnerNode node, bool last)
    {
        while (true)
        {
            int index = last ? node.Count - 1 : 0;
            _nodes[_depth] = node;
            _indexes[_depth++] = index;
            if (node.Level == 1)
            {
                Enter(node.LeafAt(index));
                return;
            }

            node = space.Child(node, index);
        }
    }

    private bool StandAtEnd(bool last)
    {
        _index = last ? _count - 1 : 0;
        PrefetchFrom(last ? Math.Max(_count - PrefetchDistance, 0) : 0);
        return _count > 0 || MoveLeaf(forward: !last);
    }

    private void PrefetchFrom(int index)
    {
        LeafPage leaf = Leaf;
        for (int end = Math.Min(index + PrefetchDistance, _count); index < end; index++)
            leaf.Prefetch(index);
    }

    /// <summary>From past an end of the current leaf to the near end of the next that has records; invalid when there is none.</summary>
    private bool MoveLeaf(bool forward)
    {
        LetGo();
        while (_depth > 0)
        {
            int index = _indexes[_depth - 1] + (forward ? 1 : -1);
            InnerNode node = _nodes[_depth - 1]!;
            if ((uint)index >= (uint)node.Count)
            {
                _depth--;
                continue;
            }

            _indexes[_depth - 1] = index;
            if (node.Level == 1)
                Enter(node.LeafAt(index));
            else
                DescendToEnd(space.Child(node, index), last: !forward);
            if (_count > 0)
                return StandAtEnd(last: !forward);
            LetGo();
        }

        return false;
    }
}
