using P2PDB.Engine.Catalog;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>Finds rows by a key of an index, in whatever view it is given. Used again from look-up to look-up.</summary>
internal sealed class KeyLookup : IDisposable
{
    private MergedCursor? _cursor;

    /// <summary>
    /// Finds the first visible row but <paramref name="except"/> that has a whole key of a secondary index; its primary key is valid until the
    /// next look-up.
    /// </summary>
    public bool TryFind(
        ReadView view, IndexSchema index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> except, out ReadOnlySpan<byte> primaryKey)
    {
        MergedCursor cursor = _cursor = view.OpenCursor(index.Tree, _cursor);
        for (bool found = cursor.SeekGe(key); found && cursor.Key.StartsWith(key); found = cursor.Next())
        {
            if (ReadView.TryOpenIndexEntry(cursor, out primaryKey) && cursor.Key.Length - primaryKey.Length == key.Length
                && !primaryKey.SequenceEqual(except))
            {
                return true;
            }
        }

        primaryKey = default;
        return false;
    }

    /// <summary>The primary keys of visible rows of which the key in an index, the primary key among them, begins with whole columns; at most so many.</summary>
    public List<byte[]> List(ReadView view, TableSchema table, IndexSchema index, ReadOnlySpan<byte> start, int countMax)
    {
        List<byte[]> rows = [];
        MergedCursor cursor = _cursor = view.OpenCursor(index.Tree, _cursor);
        for (bool found = cursor.SeekGe(start); found && rows.Count < countMax && cursor.Key.StartsWith(start); found = cursor.Next())
        {
            if (index.IsPrimary)
            {
                if (ReadView.TryOpenRow(table, cursor, out _))
                    rows.Add(cursor.Key.ToArray());
            }
            else if (ReadView.TryOpenIndexEntry(cursor, out ReadOnlySpan<byte> primaryKey))
            {
                rows.Add(primaryKey.ToArray());
            }
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _cursor?.Dispose();
}
