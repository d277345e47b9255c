using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Transactions;

/// <summary>
/// What a transaction changed and nobody else sees: an ordered overlay per tree of the store. Reads lay it over a snapshot;
/// the commit does not use it, since the log's operations say the same.
/// </summary>
internal sealed class WriteSet
{
    private static readonly byte[] DeletedRecord = [OverlayRecord.Deleted];

    private readonly Dictionary<TreeId, OverlayTree> _trees = [];
    private readonly Stack<OverlayTree> _spares = new();
    private readonly TreePool _pool = new(countMax: 16);

    /// <summary>True when nothing was changed.</summary>
    public bool IsEmpty => _trees.Count == 0;

    /// <summary>The overlay of a tree, or null where nothing of it was changed.</summary>
    public OverlayTree? Find(TreeId tree) => _trees.Count == 0 ? null : _trees.GetValueOrDefault(tree);

    /// <summary>Sets a row, given as an <see cref="OverlayRecord"/>.</summary>
    public void PutRow(TreeId tree, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record) => Tree(tree).Put(key, record);

    /// <summary>Adds a key to an index tree; its first <paramref name="indexKeyLength"/> bytes are the index key.</summary>
    public void PutIndexKey(TreeId tree, ReadOnlySpan<byte> key, int indexKeyLength)
    {
        Span<byte> record = stackalloc byte[OverlayRecord.HeaderLength + 8];
        OverlayRecord.WriteHeader(record, 0);
        int length = IndexEntry.WriteValue(record[OverlayRecord.HeaderLength..], indexKeyLength, isHidden: false);
        Tree(tree).Put(key, record[..(OverlayRecord.HeaderLength + length)]);
    }

    /// <summary>Hides a key.</summary>
    public void Delete(TreeId tree, ReadOnlySpan<byte> key) => Tree(tree).Put(key, DeletedRecord);

    /// <summary>The state of all trees, for <see cref="Rewind"/>.</summary>
    public WriteSetMark Mark()
    {
        if (_trees.Count == 0)
            return default;
        var roots = new KeyValuePair<TreeId, TreeRoot>[_trees.Count];
        int count = 0;
        foreach ((TreeId id, OverlayTree tree) in _trees)
            roots[count++] = new(id, tree.Mark());
        return new WriteSetMark(roots);
    }

    /// <summary>Goes back to an earlier state.</summary>
    public void Rewind(WriteSetMark mark)
    {
        foreach ((TreeId id, OverlayTree tree) in _trees)
            tree.Rewind(mark.RootOf(id));
    }

    /// <summary>Forgets everything, marks too, and keeps some memory.</summary>
    public void Clear()
    {
        foreach (OverlayTree tree in _trees.Values)
        {
            tree.Clear();
            if (_spares.Count < 8)
                _spares.Push(tree);
        }

        _trees.Clear();
    }

    private OverlayTree Tree(TreeId id)
    {
        if (!_trees.TryGetValue(id, out OverlayTree? tree))
        {
            tree = _spares.Count > 0 ? _spares.Pop() : new OverlayTree(_pool);
            _trees.Add(id, tree);
        }

        return tree;
    }
}
