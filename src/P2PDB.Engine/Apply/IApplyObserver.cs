using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply;

/// <summary>
/// Hears what an entry changed for SQL's eyes, while it is applied and before it is published: the locks of local
/// transactions, change data capture. Spans are valid during the call.
/// </summary>
internal interface IApplyObserver
{
    /// <summary>
    /// A row appeared (<paramref name="before"/> is empty), vanished (<paramref name="after"/> is empty) or changed. Both are
    /// row records, see <see cref="StoredRow"/>.
    /// </summary>
    public void RowChanged(
        TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after);

    /// <summary>All rows of a table vanished at once; there is no <see cref="RowChanged"/> for them.</summary>
    public void TableEmptied(TableSchema table);

    /// <summary>A table appeared, vanished (<paramref name="after"/> is null) or has another definition.</summary>
    public void TableChanged(TableId table, TableSchema? before, TableSchema? after);
}
