using P2PDB.Engine.Catalog;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>One row of a table being written: its columns in table order, its image and its key. Reused from row to row.</summary>
internal sealed class TableRow
{
    private readonly TableSchema _table;
    private readonly ByteWriter _image = new();
    private readonly ByteWriter _key = new();
    private bool _isAppended;

    /// <summary>Makes room for a row of a table.</summary>
    public TableRow(TableSchema table)
    {
        _table = table;
        var types = new SqlType[table.Columns.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = table.Columns[i].Type;
        Columns = new RowBatch(types, 1) { RowCount = 1 };
    }

    /// <summary>The columns, in a batch of one row.</summary>
    public RowBatch Columns { get; }

    /// <summary>The image in the table's present layout, after <see cref="Encode"/>.</summary>
    public ReadOnlySpan<byte> Image => _image.Written;

    /// <summary>The key, after <see cref="SetKey"/> or <see cref="EncodeKey"/>.</summary>
    public ReadOnlySpan<byte> Key => _key.Written;

    /// <summary>As <see cref="ReadView.FoundRegisters"/>, of the row when it was looked for by its key.</summary>
    public bool HasRegisters { get; set; }

    /// <summary>Error 1290, which IGNORE does not take back, where the row that was read is one that nothing changes or ends.</summary>
    public void CheckMayChange()
    {
        if (_table.IsAppend || _isAppended)
            throw MergeErrors.RowsStay().ToException();
    }

    /// <summary>Makes all columns undefined.</summary>
    public void Clear()
    {
        Columns.Reset();
        Columns.RowCount = 1;
    }

    /// <summary>Takes the columns of a row that was read.</summary>
    public void Load(RowView row)
    {
        Clear();
        _isAppended = row.IsAppended;
        for (int i = 0; i < _table.Columns.Length; i++)
            row.CopyTo(i, Columns.Column(i), 0);
    }

    /// <summary>Takes the columns of another row of the same table.</summary>
    public void Load(TableRow other)
    {
        Clear();
        for (int i = 0; i < _table.Columns.Length; i++)
            Columns.Column(i).CopyRow(other.Columns.Column(i), 0, 0);
    }

    /// <summary>Builds the image from the columns.</summary>
    public void Encode()
    {
        _image.Clear();
        var writer = new RowImageWriter(_table.WriteLayout.Layout, _image);
        for (int i = 0; i < _table.WriteLayout.Columns.Length; i++)
        {
            int ordinal = OrdinalAt(i);
            if (ordinal >= 0)
                writer.Set(i, Columns.Column(ordinal), 0);
        }

        writer.Finish();
    }

    /// <summary>Builds the primary key from the image; error 1071 where its weights are longer than a row of the log may have.</summary>
    public void EncodeKey()
    {
        _key.Clear();
        IndexKeys.Append(_key, _table, _table.PrimaryKey!, _table.Map(_table.WriteLayout.Number), Image);
        if (_key.Length > IndexKeys.LengthMax)
            throw SqlErrors.TooLongKey(IndexKeys.LengthMax).ToException();
    }

    /// <summary>Error 1071 where an index has no room for the row's key with the primary key, which was encoded before.</summary>
    public void CheckIndexKeys()
    {
        if (IndexKeys.AreTooLong(_table, _table.Map(_table.WriteLayout.Number), Image, Key.Length))
            throw SqlErrors.TooLongKey(IndexKeys.LengthMax).ToException();
    }

    /// <summary>True where another row of the table has other bytes in one of the columns; both were encoded.</summary>
    public bool Differs(TableRow other, ReadOnlySpan<int> ordinals)
    {
        RowLayout layout = _table.WriteLayout.Layout;
        for (int i = 0; i < _table.WriteLayout.Columns.Length; i++)
        {
            if (!ordinals.Contains(OrdinalAt(i)))
                continue;
            bool isNull = RowLayout.IsNull(Image, i);
            if (isNull != RowLayout.IsNull(other.Image, i))
                return true;
            if (isNull)
                continue;
            bool isSame = layout.IsVariable(i)
                ? layout.GetBytes(Image, i).SequenceEqual(layout.GetBytes(other.Image, i))
                : layout.GetFixed(Image, i).SequenceEqual(layout.GetFixed(other.Image, i));
            if (!isSame)
                return true;
        }

        return false;
    }

    /// <summary>Takes a key.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _key.Clear();
        _key.Write(key);
    }

    /// <summary>Room for a key of a given length, to be filled in.</summary>
    public Span<byte> PrepareKey(int length)
    {
        _key.Clear();
        Span<byte> room = _key.GetSpan(length)[..length];
        _key.Advance(length);
        return room;
    }

    private int OrdinalAt(int position) =>
        _table.Columns[position].Id == _table.WriteLayout.Columns[position].Id
            ? position
            : _table.OrdinalOf(_table.WriteLayout.Columns[position].Id);
}
