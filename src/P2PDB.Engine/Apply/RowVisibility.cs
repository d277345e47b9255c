using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>
/// What a row claims: the keys of its unique indexes, and since when. Works on decoded records of one table; reusable.
/// </summary>
internal sealed class RowVisibility : IDisposable
{
    private readonly RowStamps _stamps = new();
    private readonly ByteWriter _key = new();

    /// <summary>True where the row lives by its registers, stands under the key of its columns, and indexes can hold it.</summary>
    public static bool IsLive(ReadOnlySpan<byte> record) =>
        !record.IsEmpty && (record[0] & (StoredRow.DeadFlag | StoredRow.MisplacedFlag)) == 0;

    /// <summary>True where indexes have entries for the row: it lives, or a foreign key shows it all the same.</summary>
    public static bool IsIndexed(ReadOnlySpan<byte> record) =>
        !record.IsEmpty && (record[0] & StoredRow.MisplacedFlag) == 0
        && (record[0] & (StoredRow.DeadFlag | StoredRow.OverruledFlag)) != StoredRow.DeadFlag;

    /// <summary>True where the row claims its keys in unique indexes: it is there, if none of them hides it.</summary>
    public static bool IsClaiming(ReadOnlySpan<byte> record) =>
        IsIndexed(record) && (record[0] & (StoredRow.DeadFlag | StoredRow.OverruledFlag)) != StoredRow.OverruledFlag;

    /// <summary>True where the row's columns do not encode to the key it stands under, or to one that an index cannot hold.</summary>
    public bool IsMisplaced(TableSchema table, ReadOnlySpan<byte> primaryKey, in StoredRow row)
    {
        LayoutMap map = table.Map(row.LayoutNumber);
        if (table.PrimaryKey is not null)
        {
            _key.Clear();
            bool hasNoNull = IndexKeys.Append(_key, table, table.PrimaryKey, map, row.Image);
            if (!hasNoNull || !_key.Written.SequenceEqual(primaryKey))
                return true;
        }

        return IndexKeys.AreTooLong(table, map, row.Image, primaryKey.Length);
    }

    /// <summary>
    /// Writes the claimed key of a row in a unique index to <paramref name="target"/>; false where the row claims none there.
    /// </summary>
    public static bool TryClaim(TableSchema table, IndexSchema index, ReadOnlySpan<byte> record, ByteWriter target)
    {
        target.Clear();
        StoredRow row = StoredRow.Read(record);
        return IndexKeys.Append(target, table, index, table.Map(row.LayoutNumber), row.Image);
    }

    /// <summary>
    /// Since when the row has had its claims: the newest stamp among the columns of its claimed keys. None for a row that
    /// claims nothing.
    /// </summary>
    public Stamp RankOf(AppliedTable table, StampOrder order, ReadOnlySpan<byte> record)
    {
        StoredRow row = StoredRow.Read(record);
        LayoutMap map = table.Schema!.Map(row.LayoutNumber);
        _stamps.Load(row, map.Stored.Columns.Length, order);
        Stamp rank = default;
        foreach (IndexSchema index in table.UniqueIndexes)
        {
            if (!TryClaim(table.Schema, index, record, _key))
                continue;
            Stamp claimed = ClaimedAt(table.Schema, index, map, _stamps, order);
            if (order.Compare(claimed, rank) > 0)
                rank = claimed;
        }

        return rank;
    }

    /// <summary>Since when a row with these stamps has had its key of an index: the newest stamp among the key's columns.</summary>
    public static Stamp ClaimedAt(TableSchema table, IndexSchema index, LayoutMap map, RowStamps stamps, StampOrder order)
    {
        Stamp newest = default;
        foreach (IndexPart part in index.Parts)
        {
            Stamp stamp = StampOf(table.Columns[part.Ordinal].Id, map, stamps);
            if (order.Compare(stamp, newest) > 0)
                newest = stamp;
        }

        return newest;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _key.Dispose();

    private static Stamp StampOf(ColumnId column, LayoutMap map, RowStamps stamps)
    {
        // By identity, not by readability: a value of another nature than the column's type has a stamp all the same.
        for (int position = 0; position < map.Stored.Columns.Length; position++)
        {
            if (map.Stored.Columns[position].Id == column)
                return stamps.Columns[position];
        }

        return stamps.Base;
    }
}
