using System.Buffers.Binary;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

/// <summary>Cursor over the table directory of a body that <see cref="BodyReader"/> has walked.</summary>
internal ref struct TableDirectoryReader
{
    private readonly int _count;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _columns;

    /// <summary>Starts before the first of <paramref name="count"/> tables.</summary>
    public TableDirectoryReader(ReadOnlySpan<byte> directory, int count)
    {
        Bytes = directory;
        _rest = directory;
        _count = count;
        Index = -1;
    }

    /// <summary>The whole directory.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The index by which operations name the current table.</summary>
    public int Index { get; private set; }

    /// <summary>The current table.</summary>
    public TableId Table { get; private set; }

    /// <summary>Columns of the current table that whole rows hold.</summary>
    public readonly int ColumnCount => _columns.Length / EntryFormat.ColumnLength;

    /// <summary>Goes to the next table; false after the last.</summary>
    public bool MoveNext()
    {
        if (Index + 1 >= _count)
            return false;
        Index++;
        Table = TableId.Read(_rest);
        int columnsLength = BinaryPrimitives.ReadUInt16LittleEndian(_rest[TableId.Length..]) * EntryFormat.ColumnLength;
        _columns = _rest.Slice(EntryFormat.TableHeaderLength, columnsLength);
        _rest = _rest[(EntryFormat.TableHeaderLength + columnsLength)..];
        return true;
    }

    /// <summary>A column of the current table.</summary>
    public readonly LoggedColumn ColumnAt(int index)
    {
        ReadOnlySpan<byte> column = _columns.Slice(index * EntryFormat.ColumnLength, EntryFormat.ColumnLength);
        return new LoggedColumn(new ColumnId(BinaryPrimitives.ReadUInt64LittleEndian(column)), column[8], column[9]);
    }
}
