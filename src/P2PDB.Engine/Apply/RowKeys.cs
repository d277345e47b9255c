using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply;

/// <summary>The keys of a tree, some thousands at a time, so that what is done with them may change the tree.</summary>
internal sealed class RowKeys(StoreWriter writer, TreeId tree)
{
    private const int CountMax = 4096;

    private readonly List<byte[]> _keys = [];

    /// <summary>Reads the keys after those of the last call, in order; null at the end. The list is used again.</summary>
    public List<byte[]>? Next()
    {
        byte[]? last = _keys.Count > 0 ? _keys[^1] : null;
        _keys.Clear();
        using Cursor cursor = writer.OpenCursor(tree);
        bool valid = last is null ? cursor.SeekFirst() : cursor.SeekGe(last);
        if (valid && last is not null && cursor.Key.SequenceEqual(last))
            valid = cursor.Next();
        for (; valid && _keys.Count < CountMax; valid = cursor.Next())
            _keys.Add(cursor.Key.ToArray());
        return _keys.Count > 0 ? _keys : null;
    }
}
