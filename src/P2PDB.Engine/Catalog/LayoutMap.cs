namespace P2PDB.Engine.Catalog;

/// <summary>Where a stored layout has the columns of one table version.</summary>
internal sealed class LayoutMap
{
    private readonly int[] _positions;

    /// <summary>Maps the columns of <paramref name="table"/> to those of <paramref name="stored"/>.</summary>
    public LayoutMap(TableSchema table, StoredLayout stored)
    {
        Stored = stored;
        _positions = new int[table.Columns.Length];
        IsIdentity = stored.Columns.Length == _positions.Length;
        for (int ordinal = 0; ordinal < _positions.Length; ordinal++)
        {
            _positions[ordinal] = PositionOf(table.Columns[ordinal], stored);
            IsIdentity &= _positions[ordinal] == ordinal;
        }
    }

    /// <summary>The stored layout.</summary>
    public StoredLayout Stored { get; }

    /// <summary>True where image and table have the same columns in the same order.</summary>
    public bool IsIdentity { get; }

    /// <summary>
    /// The position in the image of the column at <paramref name="ordinal"/>; -1 where the row has no value for it, or one
    /// of another nature than the column's type: then the column's fill stands in.
    /// </summary>
    public int this[int ordinal] => _positions[ordinal];

    private static int PositionOf(ColumnSchema column, StoredLayout stored)
    {
        for (int i = 0; i < stored.Columns.Length; i++)
        {
            if (stored.Columns[i].Id == column.Id)
                return LayoutFactory.IsReadableAs(stored.Columns[i], column.Type) ? i : -1;
        }

        return -1;
    }
}
