using System.Runtime.InteropServices;

namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// The memory store's one writer, used again for each write. Nodes it makes carry its edit number, see
/// <see cref="PersistentTree"/>; publishing or abandoning the write moves on to the next number.
/// </summary>
internal sealed class MemoryWriter(MemoryStore store) : StoreWriter
{
    private readonly Dictionary<TreeId, PersistentTree> _touched = [];
    private readonly List<KeyValuePair<TreeId, TreeRoot>> _roots = [];
    private readonly Stack<PersistentTree> _spare = [];
    private readonly TreeRecycler _recycler = new(store.Pool);
    private RootTable<TreeRoot> _base = store.Snapshots.Current.Roots;
    private TreeId _lastTree;
    private PersistentTree? _last;
    private long _edit = 1;
    private bool _isOpen;

    public MemoryWriter Begin()
    {
        Invariant.Check(!_isOpen, "a store has one writer at a time");
        _isOpen = true;
        _base = store.Snapshots.Current.Roots;
        return this;
    }

    public override bool TryGet(TreeId tree, ReadOnlySpan<byte> key, RecordBuffer target)
    {
        if (RootOf(tree).TryGet(key, out ReadOnlySpan<byte> value))
        {
            target.Set(value);
            return true;
        }

        target.Clear();
        return false;
    }

    public override void Put(TreeId tree, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Touch(tree).Put(key, value);

    public override bool Delete(TreeId tree, ReadOnlySpan<byte> key) => Touch(tree).Delete(key);

    public override void DropTree(TreeId tree) => Touch(tree).Restore(default, _edit);

    public override Cursor OpenCursor(TreeId tree, Cursor? recycled = null) =>
        recycled is TreeCursor cursor ? cursor.Rebind(default, Touch(tree)) : new TreeCursor(Touch(tree));

    public override void Publish(long commitNumber, object? companion = null)
    {
        Invariant.Check(_isOpen, "only a write under way is published");
        foreach ((TreeId id, PersistentTree tree) in _touched)
            _roots.Add(new(id, tree.Freeze(_edit + 1)));
        store.Snapshots.Publish(CollectionsMarshal.AsSpan(_roots), commitNumber, companion);
        _recycler.Settle(commitNumber, store.Snapshots.OldestNumber);
        Close();
    }

    protected override void Dispose(bool disposing)
    {
        if (_isOpen)
        {
            _recycler.Abort();
            Close();
        }

        base.Dispose(disposing);
    }

    private void Close()
    {
        foreach (PersistentTree tree in _touched.Values)
        {
            if (_spare.Count < 16)
                _spare.Push(tree);
        }

        _touched.Clear();
        _roots.Clear();
        _last = null;
        _lastTree = default;
        _edit++;
        _isOpen = false;
    }

    private TreeRoot RootOf(TreeId tree)
    {
        if (_last is not null && tree == _lastTree)
            return _last.Root;
        return _touched.TryGetValue(tree, out PersistentTree? touched) ? touched.Root : _base[tree];
    }

    private PersistentTree Touch(TreeId tree)
    {
        Invariant.Check(_isOpen, "a write is over once it is published or disposed");
        if (_last is not null && tree == _lastTree)
            return _last;
        if (!_touched.TryGetValue(tree, out PersistentTree? touched))
        {
            if (_spare.TryPop(out touched))
                touched.Restore(_base[tree], _edit);
            else
                touched = new PersistentTree(_base[tree], _edit, store.Pool, _recycler);
            _touched.Add(tree, touched);
        }

        (_lastTree, _last) = (tree, touched);
        return touched;
    }
}
