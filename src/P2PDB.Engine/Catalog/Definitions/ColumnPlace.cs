namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>
/// The sort keys by which columns keep their order while peers add and move them apart: numbers far from one another, so
/// that there is room between any two. Equal numbers, from peers who chose the same gap, go by column id.
/// </summary>
internal static class ColumnPlace
{
    /// <summary>Distance of neighbours at first: a gap can be halved 32 times.</summary>
    public const ulong Step = 1UL << 32;

    /// <summary>Place of the column at a 0-based index in CREATE TABLE.</summary>
    public static ulong OfIndex(int index) => ((ulong)index + 1) * Step;

    /// <summary>Place after the column at <paramref name="ordinal"/>; -1 is FIRST, the last ordinal the end.</summary>
    public static ulong After(TableSchema table, int ordinal)
    {
        ulong before = ordinal < 0 ? 0 : table.Columns[ordinal].Position;
        if (ordinal + 1 >= table.Columns.Length)
            return before + Step;
        ulong after = table.Columns[ordinal + 1].Position;
        return before + ((after - before) / 2);
    }
}
