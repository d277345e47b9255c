using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Apply;

/// <summary>Tells a table's AUTO_INCREMENT counter of the values that rows bring.</summary>
internal static class CounterWatch
{
    /// <summary>Takes note of the value in a row image, if there is one above zero.</summary>
    public static void Observe(TableSchema table, LayoutMap map, ReadOnlySpan<byte> image)
    {
        int position = table.AutoIncrementOrdinal < 0 ? -1 : map[table.AutoIncrementOrdinal];
        if (position < 0 || RowLayout.IsNull(image, position))
            return;
        ColumnSchema column = table.Columns[table.AutoIncrementOrdinal];
        if (!column.Type.IsInteger)
            return;
        RowLayout layout = map.Stored.Layout;
        long value = map.ConversionOf(column.Ordinal) is { } conversion
            ? conversion.Convert(layout, image, position).GetInt64(0)
            : layout.GetInt64(image, position);
        if (value > 0 || (column.Type.IsUnsigned && value != 0))
            table.AutoIncrement.Observe((ulong)value);
    }
}
