// Rows come in the order of the primary key, index entries go in the order of theirs. Put as they come, nearly each would change
// another leaf, and an index larger than the page cache would be read and written once for each entry. So they are sorted first, in
// little memory and through the disk, and then put one behind another.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Overlays;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Fills indexes that were just made with the entries of all rows; see the prose above. Used once.</summary>
internal sealed class IndexFill : IDisposable
{
    /// <summary>Bytes of entries in memory from which on they leave it, about.</summary>
    private const long MemoryLengthMax = 16 << 20;

    private readonly StoreWriter _writer;
    private readonly IndexSchema[] _indexes;
    private readonly OverlayTree[] _entries;
    private readonly RunLifetimes _lifetimes;
    private readonly ByteWriter _key = new();

    /// <summary>Begins with nothing; <paramref name="scratch"/> is where entries are sorted.</summary>
    public IndexFill(StoreWriter writer, IndexSchema[] indexes, ScratchSpace scratch)
    {
        _writer = writer;
        _indexes = indexes;
        _lifetimes = new RunLifetimes(scratch);
        var pool = new TreePool(countMax: 16);
        _entries = new OverlayTree[indexes.Length];
        for (int i = 0; i < indexes.Length; i++)
            _entries[i] = new OverlayTree(pool);
    }

    /// <summary>Puts an entry into each index for each row of the table that belongs there.</summary>
    public void Run(TableSchema table, TreeId rowTree)
    {
        long length = 0;
        using (Cursor cursor = _writer.OpenCursor(rowTree))
        {
            for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
            {
                length += Add(table, cursor.Key, cursor.Value);
                if (length < MemoryLengthMax)
                    continue;
                MakeRoom();
                length = 0;
            }
        }

        for (int i = 0; i < _indexes.Length; i++)
            Move(i);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OverlayTree entries in _entries)
            entries.Clear();
        _key.Dispose();
    }

    private long Add(TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> record)
    {
        if (!RowVisibility.IsIndexed(record))
            return 0;
        bool isHidden = !StoredRow.IsVisibleRecord(record);
        long growth = 0;
        Span<byte> value = stackalloc byte[8];
        for (int i = 0; i < _indexes.Length; i++)
        {
            IndexSchema index = _indexes[i];
            RowVisibility.TryClaim(table, index, record, _key);
            int length = IndexEntry.WriteValue(value, _key.Length, isHidden);
            _key.Write(primaryKey);
            growth += _entries[i].Put(_key.Written, value[..length]);
        }

        return growth;
    }

    private void MakeRoom()
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            try
            {
                _entries[i].Spill(_lifetimes);
            }
            catch (IOException)
            {
                // The disk does not take them. They need no sorting to be right: they go where they belong by themselves.
                Move(i);
            }
        }
    }

    private void Move(int index)
    {
        using (Cursor cursor = _entries[index].OpenCursor())
        {
            for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
                _writer.Put(_indexes[index].Tree, cursor.Key, cursor.Value);
        }

        _entries[index].Clear();
    }
}
