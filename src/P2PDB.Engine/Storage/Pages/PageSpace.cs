using System.Buffers;
using P2PDB.Engine.Storage.Faster;
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// Page numbers, and the reading of trees. Numbers that a write frees can be used again when nobody reads the past in which
/// they counted, and a later checkpoint is durable: until then a crash goes back to them.
/// </summary>
internal sealed class PageSpace(PageCache cache, FasterPageFile file, SnapshotRegistry<PageRoot> snapshots)
{
    private readonly Lock _numbers = new();
    private readonly List<long> _created = [];
    private readonly List<long> _freed = [];
    private readonly List<InnerNode> _replaced = [];
    private readonly Queue<(long Commit, long Page, InnerNode? Node)> _leaving = new();
    private readonly List<long> _left = [];
    private List<long> _free = [];
    private long _next = 1;
    private long _write = 1;

    /// <summary>The pages in memory.</summary>
    public PageCache Cache => cache;

    /// <summary>The pages of the write under way.</summary>
    public PendingPages Pending { get; } = new(cache, file, snapshots);

    /// <summary>Number of the write under way or the next one: which nodes are its own.</summary>
    public long Write => _write;

    /// <summary>Finds a record as a reader at a commit number sees it; see <see cref="StoreSnapshot.TryGet"/>.</summary>
    public bool TryGet(PageRoot root, ReadOnlySpan<byte> key, long commit, RecordBuffer target)
    {
        if (root.IsEmpty)
        {
            target.Clear();
            return false;
        }

        long page = root.Leaf;
        if (root.Node is { } node)
        {
            ulong head = TreeSlot.HeadOf(key);
            while (node.Level > 1)
                node = Child(node, node.ChildFor(head, key));
            page = node.LeafAt(node.ChildFor(head, key));
        }

        return TryGetInLeaf(page, key, commit, target);
    }

    /// <summary>Finds a record in the leaf under which its key belongs.</summary>
    public bool TryGetInLeaf(long page, ReadOnlySpan<byte> key, long commit, RecordBuffer target)
    {
        int frame = cache.Pin(page, commit);
        try
        {
            var leaf = new LeafPage(cache.Image(frame));
            int index = leaf.LowerBound(key, out bool isEqual);
            if (isEqual)
            {
                ReadOnlySpan<byte> value = leaf.ValueAt(index, out bool isLong);
                if (isLong)
                    LongValue.Read(cache, value, commit, target);
                else
                    target.Set(value);
                return true;
            }
        }
        finally
        {
            cache.Unpin(frame);
        }

        target.Clear();
        return false;
    }

    /// <summary>The node below a node above level 1, read where it is not in memory.</summary>
    public InnerNode Child(InnerNode node, int index) =>
        node.LoadedChildAt(index) ?? node.KeepChild(index, ReadNode(node.StoredChildAt(index)));

    /// <summary>Reads an inner node from its page.</summary>
    public InnerNode ReadNode(long page)
    {
        byte[] image = ArrayPool<byte>.Shared.Rent(PageFormat.ImageLength);
        Span<byte> bytes = image.AsSpan(0, PageFormat.ImageLength);
        Invariant.Check(file.TryRead(page, bytes), "an inner page that a tree refers to is in the page file");
        PageFormat.Check(bytes, page);
        InnerNode node = InnerPage.Read(bytes, page);
        ArrayPool<byte>.Shared.Return(image);
        return node;
    }

    /// <summary>For the writer: a number for a new page.</summary>
    public long Create()
    {
        long page = Take();
        _created.Add(page);
        return page;
    }

    /// <summary>For the writer: the tree of this write does not refer to the page any more.</summary>
    public void Free(long page) => _freed.Add(page);

    /// <summary>For the writer: the tree of this write does not refer to the node any more.</summary>
    public void Replace(InnerNode node)
    {
        // One of this write's own was never seen by anybody, and is in no page.
        if (node.Write != _write)
            _replaced.Add(node);
    }

    /// <summary>The write was published: what it freed leaves as soon as nobody reads what was before.</summary>
    public void Settle(long commit)
    {
        foreach (long page in _freed)
            _leaving.Enqueue((commit, page, null));
        foreach (InnerNode node in _replaced)
            _leaving.Enqueue((commit, 0, node));
        Forget();
        while (_leaving.TryPeek(out (long Commit, long Page, InnerNode? Node) first) && first.Commit <= snapshots.OldestNumber)
        {
            _leaving.Dequeue();
            long page = first.Page;
            if (first.Node is { } node)
                page = node.Page; // a checkpoint may have stored it meanwhile: it held a state from before
            else
                cache.Discard(page);
            if (page > 0)
            {
                lock (_numbers)
                    _left.Add(page);
            }
        }
    }

    /// <summary>The write was abandoned: the numbers it took are free at once.</summary>
    public void Abort()
    {
        lock (_numbers)
            _free.AddRange(_created);
        Forget();
    }

    /// <summary>A number for a page that a checkpoint stores.</summary>
    public long Take()
    {
        lock (_numbers)
        {
            if (_free.Count == 0)
                return _next++;
            long page = _free[^1];
            _free.RemoveAt(_free.Count - 1);
            return page;
        }
    }

    /// <summary>
    /// For the writer, between two writes: all numbers that no tree refers to now, the first one that was never used, and how
    /// many have left for good, to be given back with <see cref="Return"/> once the checkpoint is durable.
    /// </summary>
    public (List<long> Unused, long Next, int Left) Mark()
    {
        lock (_numbers)
        {
            List<long> unused = [.. _free, .. _left];
            foreach ((_, long page, InnerNode? node) in _leaving)
                unused.Add(node?.Page ?? page);
            unused.RemoveAll(page => page == 0);
            return (unused, _next, _left.Count);
        }
    }

    /// <summary>
    /// After a checkpoint is durable: the first <paramref name="count"/> numbers that had left are free, and the page file
    /// forgets them.
    /// </summary>
    public void Return(int count)
    {
        lock (_numbers)
        {
            for (int i = 0; i < count; i++)
                file.Delete(_left[i]);
            _free.AddRange(_left.GetRange(0, count));
            _left.RemoveRange(0, count);
        }
    }

    /// <summary>At the start: what a checkpoint said.</summary>
    public void Restore(List<long> unused, long next)
    {
        _free = unused;
        _next = next;
    }

    private void Forget()
    {
        _write++;
        _created.Clear();
        _freed.Clear();
        _replaced.Clear();
    }
}
