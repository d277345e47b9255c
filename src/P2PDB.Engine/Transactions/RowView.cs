using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Transactions;

/// <summary>One row where it lies: its image, and where that image has the columns of a table version. Borrows the bytes.</summary>
internal readonly ref struct RowView(TableSchema table, int layout, ReadOnlySpan<byte> image, bool isWritten)
{
    private readonly TableSchema _table = table;
    private readonly LayoutMap _map = table.Map(layout);
    private readonly ReadOnlySpan<byte> _image = image;

    /// <summary>The image.</summary>
    public ReadOnlySpan<byte> Image => _image;

    /// <summary>Where a column's value lies; false where it is read by a conversion: <see cref="CopyTo"/> makes that.</summary>
    public bool TryLocate(int ordinal, out RowLayout layout, out ReadOnlySpan<byte> image, out int position)
    {
        position = _map[ordinal];
        if (position >= 0)
        {
            layout = _map.Layout;
            image = _image;
            return _map.ConversionOf(ordinal) is null;
        }

        ColumnSchema column = _table.Columns[ordinal];
        layout = column.FillLayout;
        image = column.Fill;
        position = 0;
        return true;
    }

    /// <summary>True where the transaction wrote it itself.</summary>
    public bool IsWritten { get; } = isWritten;

    /// <summary>True for a committed row that nothing changes or ends.</summary>
    public bool IsAppended { get; init; }

    /// <summary>True for a committed row that was deleted and shows only because rows reference it.</summary>
    public bool IsKept { get; init; }

    /// <summary>Appends the row's key in an index, without the primary key that follows it in the tree.</summary>
    public void AppendKey(ByteWriter target, IndexSchema index) => IndexKeys.Append(target, _table, index, _map, _image);

    /// <summary>Copies a column's value to a row of a vector.</summary>
    public void CopyTo(int ordinal, ColumnVector target, int row)
    {
        int position = _map[ordinal];
        if (position >= 0)
        {
            if (_map.ConversionOf(ordinal) is { } conversion)
                conversion.CopyTo(_map.Layout, _image, position, target, row);
            else
                _map.Layout.CopyTo(_image, position, target, row);
            return;
        }

        ColumnSchema column = _table.Columns[ordinal];
        column.FillLayout.CopyTo(column.Fill, 0, target, row);
    }
}
