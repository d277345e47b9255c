using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply.ForeignKeys;

/// <summary>
/// The primary keys of the rows that reference a key, hidden ones too, some thousands at a time, so that what is done with them may change
/// the trees.
/// </summary>
internal sealed class LinkedRows(StoreWriter writer, Link link, byte[] key)
{
    private const int CountMax = 4096;

    private readonly List<byte[]> _rows = [];
    private byte[]? _last;
    private bool _isAtEnd;

    /// <summary>Reads those after the last call's; null at the end. The list is used again.</summary>
    public List<byte[]>? Next()
    {
        if (_isAtEnd)
            return null;
        _rows.Clear();
        bool isPrimary = link.ChildIndex.IsPrimary;
        using Cursor cursor = writer.OpenCursor(isPrimary ? link.Child.RowTree : link.ChildIndex.Tree);
        bool isValid = cursor.SeekGe(_last ?? key);
        if (isValid && _last is not null && cursor.Key.SequenceEqual(_last))
            isValid = cursor.Next();
        for (; isValid && cursor.Key.StartsWith(key); isValid = cursor.Next())
        {
            _rows.Add(isPrimary ? cursor.Key.ToArray() : IndexEntry.Read(cursor.Key, cursor.Value).PrimaryKey.ToArray());
            if (_rows.Count < CountMax)
                continue;
            _last = cursor.Key.ToArray();
            return _rows;
        }

        _isAtEnd = true;
        return _rows.Count > 0 ? _rows : null;
    }
}
