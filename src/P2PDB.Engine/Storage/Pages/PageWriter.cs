using System.Runtime.InteropServices;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>The page store's one writer, used again for each write.</summary>
internal sealed class PageWriter(PageStore store) : StoreWriter
{
    private readonly Dictionary<TreeId, PageTree> _touched = [];
    private readonly List<KeyValuePair<TreeId, PageRoot>> _changedRoots = [];
    private readonly Stack<PageTree> _spare = [];
    private readonly List<PageCursor> _cursors = [];
    private TreeId _lastTree;
    private PageTree? _last;
    private bool _isOpen;

    public PageWriter Begin()
    {
        Invariant.Check(!_isOpen, "a store has one writer at a time");
        _isOpen = true;
        return this;
    }

    public override bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target) =>
        Touch(tree).TryGet(key, target);

    public override void Put(TreeId tree, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Touch(tree).Put(key, value);

    public override bool Delete(TreeId tree, ReadOnlySpan<byte> key) => Touch(tree).Delete(key);

    public override void DropTree(TreeId tree) => Touch(tree).Clear();

    public override Cursor OpenCursor(TreeId tree, Cursor? recycled = null)
    {
        PageCursor cursor = recycled as PageCursor ?? new PageCursor(store.Space);
        if (!_cursors.Contains(cursor))
            _cursors.Add(cursor);
        return cursor.Bind(Touch(tree));
    }

    public override void Publish(long commitNumber, object? companion = null)
    {
        Invariant.Check(_isOpen, "only a write under way is published");
        ParkCursors();
        RootTable<PageRoot> before = store.Snapshots.Current.Roots;
        foreach ((TreeId id, PageTree tree) in _touched)
        {
            if (tree.Root != before[id])
                _changedRoots.Add(new(id, tree.Root));
            store.Counts.Set(id, tree.Count);
        }

        store.Space.Pending.Number(commitNumber);
        store.Snapshots.Publish(CollectionsMarshal.AsSpan(_changedRoots), commitNumber, companion);
        store.Space.Pending.Settle();
        store.Space.Settle(commitNumber);
        Close();
    }

    protected override void Dispose(bool disposing)
    {
        if (_isOpen)
        {
            ParkCursors();
            store.Space.Pending.Abort();
            store.Space.Abort();
            Close();
        }

        base.Dispose(disposing);
    }

    /// <summary>Cursors end with the write: none keeps a page of it in memory.</summary>
    private void ParkCursors()
    {
        foreach (PageCursor cursor in _cursors)
            cursor.Park();
        _cursors.Clear();
    }

    private void Close()
    {
        foreach (PageTree tree in _touched.Values)
        {
            if (_spare.Count < 16)
                _spare.Push(tree);
        }

        _touched.Clear();
        _changedRoots.Clear();
        _last = null;
        _lastTree = default;
        _isOpen = false;
    }

    private PageTree Touch(TreeId tree)
    {
        Invariant.Check(_isOpen, "only a write under way is written to");
        if (_last is not null && tree == _lastTree)
            return _last;
        if (!_touched.TryGetValue(tree, out PageTree? touched))
        {
            touched = (_spare.TryPop(out PageTree? spare) ? spare : new PageTree(store.Space))
                .Begin(store.Snapshots.Current.Roots[tree], store.Counts.Get(tree));
            _touched.Add(tree, touched);
        }

        _lastTree = tree;
        return _last = touched;
    }
}
