using P2PDB.Engine.Catalog.Conversions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>Where a stored layout has the columns of one table version, and how their values are read there.</summary>
internal sealed class LayoutMap
{
    private readonly int[] _positions;
    private readonly ValueConversion?[]? _conversions;

    /// <summary>Maps the columns of <paramref name="table"/> to those of <paramref name="stored"/>.</summary>
    public LayoutMap(TableSchema table, StoredLayout stored)
    {
        Stored = stored;
        Layout = stored.Layout;
        _positions = new int[table.Columns.Length];
        for (int ordinal = 0; ordinal < _positions.Length; ordinal++)
        {
            _positions[ordinal] = PositionOf(table.Columns[ordinal], stored, out ValueConversion? conversion);
            if (conversion is not null)
                (_conversions ??= new ValueConversion?[_positions.Length])[ordinal] = conversion;
        }
    }

    /// <summary>The stored layout.</summary>
    public StoredLayout Stored { get; }

    /// <summary>Where the columns of images in it lie.</summary>
    public RowLayout Layout { get; }

    /// <summary>
    /// The position in the image of the column at <paramref name="ordinal"/>; -1 where the row has no value for it, or one
    /// in a form that the column never had: then the column's fill stands in.
    /// </summary>
    public int this[int ordinal] => _positions[ordinal];

    /// <summary>How values of the column at <paramref name="ordinal"/> are read; null where they are of the column's type.</summary>
    public ValueConversion? ConversionOf(int ordinal) => _conversions?[ordinal];

    private static int PositionOf(ColumnSchema column, StoredLayout stored, out ValueConversion? conversion)
    {
        conversion = null;
        for (int i = 0; i < stored.Columns.Length; i++)
        {
            if (stored.Columns[i].Id == column.Id)
                return column.Types.TryFind(stored.Columns[i], out conversion) ? i : -1;
        }

        return -1;
    }
}
