using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>
/// The values of one row to be written; columns go by their ordinals. What is not set takes its default in a row that is new and stays as it is in one that is
/// changed. Values go to columns as those of parameters do in INSERT: what does not fit is the same error. One writer is kept and filled again: the first value set
/// after a write begins the next row.
/// </summary>
public sealed class RowWriter
{
    private readonly BoundTable _table;
    private readonly ParameterSet _values = new();
    private readonly ulong[] _given;
    private readonly byte[] _digits = new byte[96];
    private WriteShape? _shape;
    private bool _isWritten;

    internal RowWriter(BoundTable table)
    {
        _table = table;
        _given = new ulong[(table.Columns.Length + 63) >> 6];
        Clear();
    }

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        _isWritten = false;
        _values.Reset(_table.Columns.Length);
        Array.Clear(_given);
    }

    /// <summary>Sets a column to NULL; one of AUTO_INCREMENT takes the next number.</summary>
    public void SetNull(int column)
    {
        Give(column);
        _values.SetNull(column);
    }

    /// <summary>Sets a column to an integer.</summary>
    public void SetInt64(int column, long value)
    {
        Give(column);
        _values.SetInt64(column, value);
    }

    /// <summary>Sets a column to an unsigned integer.</summary>
    public void SetUInt64(int column, ulong value)
    {
        Give(column);
        _values.SetUInt64(column, value);
    }

    /// <summary>Sets a column to a double.</summary>
    public void SetDouble(int column, double value)
    {
        Give(column);
        _values.SetDouble(column, value);
    }

    /// <summary>Sets a column to a decimal.</summary>
    public void SetDecimal(int column, in SqlDecimal value)
    {
        Give(column);
        _values.SetDecimal(column, _digits.AsSpan(0, value.Format(_digits)));
    }

    /// <summary>Sets a column to UTF-8 text, which is copied.</summary>
    public void SetText(int column, ReadOnlySpan<byte> utf8)
    {
        Give(column);
        _values.SetText(column, utf8);
    }

    /// <summary>Sets a column to a byte string, which is copied.</summary>
    public void SetBinary(int column, ReadOnlySpan<byte> value)
    {
        Give(column);
        _values.SetBinary(column, value);
    }

    /// <summary>Sets a column to a date and time of day, for TIMESTAMP in the session's zone.</summary>
    public void SetDateTime(int column, TemporalValue value)
    {
        Give(column);
        _values.SetDateTime(column, value.Packed);
    }

    /// <summary>Sets a column to a span of time.</summary>
    public void SetTime(int column, TimeSpan value)
    {
        Give(column);
        _values.SetTime(column, value.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>True where a table's handle made the writer.</summary>
    internal bool IsOf(BoundTable table) => ReferenceEquals(table, _table);

    /// <summary>The writes of the columns that are set, with their values.</summary>
    internal WriteShape Shape()
    {
        if (_shape is null || _shape.Version != _table.Version || !_shape.Gives(_given))
            _shape = _table.ShapeOf(_given);
        _shape.Values.Values = _values;
        return _shape;
    }

    /// <summary>The row was written: the next value begins another.</summary>
    internal void EndRow() => _isWritten = true;

    private void Give(int column)
    {
        _table.Access(column);
        if (_isWritten)
            Clear();
        _given[column >> 6] |= 1UL << column;
    }
}
