using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog;

/// <summary>Row images in the layout of a table's present version, whatever layout the row was stored in.</summary>
internal static class PresentImage
{
    /// <summary>
    /// The image of a row in <see cref="TableSchema.WriteLayout"/>: the stored one where it has that layout, else one written
    /// to <paramref name="scratch"/>, which is cleared first. Valid until either changes.
    /// </summary>
    public static ReadOnlySpan<byte> Of(TableSchema table, in StoredRow row, ByteWriter scratch)
    {
        if (row.LayoutNumber == table.WriteLayout.Number)
            return row.Image;

        scratch.Clear();
        LayoutMap map = table.Map(row.LayoutNumber);
        RowImageWriter writer = new(table.WriteLayout.Layout, scratch);
        foreach (ColumnSchema column in table.Columns)
        {
            int position = map[column.Ordinal];
            if (map.ConversionOf(column.Ordinal) is { } conversion)
                writer.Set(column.Ordinal, conversion.Convert(map.Stored.Layout, row.Image, position), 0);
            else if (position >= 0)
                Copy(ref writer, column, map.Stored.Layout, row.Image, position);
            else
                Copy(ref writer, column, column.FillLayout, column.Fill, 0);
        }

        writer.Finish();
        return scratch.Written;
    }

    private static void Copy(
        ref RowImageWriter writer, ColumnSchema column, RowLayout layout, ReadOnlySpan<byte> image, int position)
    {
        if (RowLayout.IsNull(image, position))
            return;
        switch (column.Type.Physical)
        {
            case PhysicalKind.Int64:
                writer.SetInt64(column.Ordinal, layout.GetInt64(image, position));
                break;
            case PhysicalKind.Double:
                writer.SetDouble(column.Ordinal, layout.GetDouble(image, position));
                break;
            case PhysicalKind.Decimal:
                writer.SetDecimal(column.Ordinal, layout.GetDecimal(image, position));
                break;
            default:
                writer.SetBytes(column.Ordinal, layout.GetBytes(image, position));
                break;
        }
    }
}
