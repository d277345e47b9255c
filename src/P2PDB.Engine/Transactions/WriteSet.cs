using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Overlays;
using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Transactions;

/// <summary>
/// What a transaction changed and nobody else sees: an ordered overlay per tree of the store. Reads lay it over a snapshot;
/// the commit does not use it, since the log's operations say the same. What does not fit in memory lies on the disk.
/// </summary>
/// <param name="scratch">Room on the disk.</param>
/// <param name="memoryLengthMax">Bytes in memory from which on the largest overlays leave it, about.</param>
internal sealed class WriteSet(ScratchSpace scratch, long memoryLengthMax)
{
    private static readonly byte[] DeletedRecord = [OverlayRecord.Deleted];

    private readonly Dictionary<TreeId, OverlayTree> _trees = [];
    private readonly Stack<OverlayTree> _spares = new();
    private readonly TreePool _pool = new(countMax: 16);
    private readonly RunLifetimes _lifetimes = new(scratch);
    private long _memoryLength;

    /// <summary>True when nothing was changed.</summary>
    public bool IsEmpty => _trees.Count == 0;

    /// <summary>True where something is on the disk only for marks to go back to.</summary>
    public bool KeepsForMarks => _lifetimes.KeepsReplaced;

    /// <summary>The overlay of a tree, or null where nothing of it was changed.</summary>
    public OverlayTree? Find(TreeId tree) => _trees.Count == 0 ? null : _trees.GetValueOrDefault(tree);

    /// <summary>Sets a row, given as an <see cref="OverlayRecord"/>.</summary>
    /// <exception cref="IOException">It does not fit in memory, and the disk takes nothing: the statement is to be taken back.</exception>
    public void PutRow(TreeId tree, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record) => Put(tree, key, record);

    /// <summary>Adds a key to an index tree; its first <paramref name="indexKeyLength"/> bytes are the index key.</summary>
    /// <exception cref="IOException">As <see cref="PutRow"/>.</exception>
    public void PutIndexKey(TreeId tree, ReadOnlySpan<byte> key, int indexKeyLength)
    {
        Span<byte> record = stackalloc byte[OverlayRecord.HeaderLength + 8];
        OverlayRecord.WriteHeader(record, 0);
        int length = IndexEntry.WriteValue(record[OverlayRecord.HeaderLength..], indexKeyLength, isHidden: false);
        Put(tree, key, record[..(OverlayRecord.HeaderLength + length)]);
    }

    /// <summary>Hides a key.</summary>
    /// <exception cref="IOException">As <see cref="PutRow"/>.</exception>
    public void Delete(TreeId tree, ReadOnlySpan<byte> key) => Put(tree, key, DeletedRecord);

    /// <summary>The state of all trees, for <see cref="Rewind"/>.</summary>
    public WriteSetMark Mark()
    {
        if (_trees.Count == 0)
            return default;
        var states = new KeyValuePair<TreeId, OverlayMark>[_trees.Count];
        int count = 0;
        foreach ((TreeId id, OverlayTree tree) in _trees)
            states[count++] = new(id, tree.Mark());
        return new WriteSetMark(_lifetimes.Mark(), states);
    }

    /// <summary>Goes back to an earlier state; the marks after it end.</summary>
    public void Rewind(WriteSetMark mark)
    {
        _memoryLength = 0;
        foreach ((TreeId id, OverlayTree tree) in _trees)
        {
            tree.Rewind(mark.StateOf(id), _lifetimes);
            _memoryLength += tree.MemoryLength;
        }
    }

    /// <summary>All marks end but those of these numbers: what the others kept on the disk goes.</summary>
    public void EndMarks(ReadOnlySpan<long> live) => _lifetimes.EndMarks(live);

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
        _lifetimes.EndMarks([]);
        _memoryLength = 0;
    }

    private void Put(TreeId tree, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
    {
        _memoryLength += Tree(tree).Put(key, record);
        if (_memoryLength > memoryLengthMax)
            Spill();
    }

    /// <summary>Writes the largest overlays to the disk: half of the memory is free then, and runs are not small.</summary>
    private void Spill()
    {
        while (_memoryLength > memoryLengthMax / 2)
        {
            OverlayTree? largest = null;
            foreach (OverlayTree tree in _trees.Values)
            {
                if (largest is null || tree.MemoryLength > largest.MemoryLength)
                    largest = tree;
            }

            long length = largest!.MemoryLength;
            largest.Spill(_lifetimes);
            _memoryLength -= length;
        }
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
