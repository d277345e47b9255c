using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;

namespace P2PDB.Simulation.Merge;

/// <summary>
/// Keeps the visible rows as the applier reports their changes: what a subscriber would know. It must never be told a
/// "before" that it does not have.
/// </summary>
internal sealed class ObservedRows : IApplyObserver
{
    private readonly Dictionary<(TableId Table, string Key), string> _rows = [];

    /// <summary>The rows of a table by key, as reported; keys and records in hexadecimal.</summary>
    public SortedDictionary<string, string> RowsOf(TableId table) => new(
        _rows.Where(row => row.Key.Table == table).ToDictionary(row => row.Key.Key, row => row.Value),
        StringComparer.Ordinal);

    public void RowChanged(
        TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        (TableId, string) row = (table.Id, Convert.ToHexStringLower(primaryKey));
        Assert.Equal(!before.IsEmpty, _rows.Remove(row, out string? known));
        if (!before.IsEmpty)
            Assert.Equal(Convert.ToHexStringLower(before), known);
        if (!after.IsEmpty)
            _rows.Add(row, Convert.ToHexStringLower(after));
    }

    public void TableEmptied(TableSchema table) => Forget(table.Id);

    public void TableChanged(TableId table, TableSchema? before, TableSchema? after)
    {
        if (after is null)
            Forget(table);
    }

    private void Forget(TableId table)
    {
        foreach ((TableId, string) row in _rows.Keys.Where(row => row.Table == table).ToList())
            _rows.Remove(row);
    }
}
