using System.Diagnostics.CodeAnalysis;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine;

/// <summary>
/// A primary key of one table, or its leading columns for a scan: values are added in the order of the key's columns. One key is kept and filled
/// again, so that a warm call allocates nothing. A value that goes with its column's type but that no row can have, such as -1 for an unsigned column, finds
/// nothing; one of another type is error 1210.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A few pooled bytes, which the collector takes: a key to dispose would be in the way.")]
public sealed class TableKey
{
    private const int Numbers = 1 << (int)ColumnAccess.Signed | 1 << (int)ColumnAccess.Unsigned | 1 << (int)ColumnAccess.Decimal | 1 << (int)ColumnAccess.Double;
    private const int Texts = 1 << (int)ColumnAccess.Text | 1 << (int)ColumnAccess.Members;
    private const int DatesWithTimes = 1 << (int)ColumnAccess.DateTime | 1 << (int)ColumnAccess.Timestamp;

    private readonly BoundTable _table;
    private readonly ByteWriter _bytes = new(64);
    private KeyFit _fit;

    internal TableKey(BoundTable table)
    {
        foreach (IndexPart part in table.KeyParts)
        {
            if (part.PrefixLength > 0)
                throw SqlErrors.NotSupportedYet("typed keys of a primary key on a prefix").ToException();
        }

        _table = table;
    }

    /// <summary>How many values were added.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all values.</summary>
    public TableKey Clear()
    {
        _bytes.Clear();
        Count = 0;
        _fit = KeyFit.Exact;
        return this;
    }

    /// <summary>Adds an integer, for a column of numbers, BIT or YEAR.</summary>
    public TableKey AddInt64(long value) => Add(nameof(AddInt64), SqlValue.FromInt64(value), Numbers);

    /// <summary>Adds an unsigned integer, for a column of numbers, BIT or YEAR.</summary>
    public TableKey AddUInt64(ulong value) => Add(nameof(AddUInt64), SqlValue.FromUInt64(value), Numbers);

    /// <summary>Adds a double, for a FLOAT or DOUBLE column; for a FLOAT one that a float can hold.</summary>
    public TableKey AddDouble(double value) =>
        Add(nameof(AddDouble), SqlValue.FromDouble(value), 1 << (int)ColumnAccess.Double);

    /// <summary>Adds a decimal, for a DECIMAL column that has as many digits.</summary>
    public TableKey AddDecimal(in SqlDecimal value) =>
        Add(nameof(AddDecimal), SqlValue.FromDecimal(value), 1 << (int)ColumnAccess.Decimal);

    /// <summary>Adds UTF-8 text, for a column of characters or an ENUM; it is compared by the column's collation.</summary>
    public TableKey AddText(ReadOnlySpan<byte> utf8) =>
        AddBytes(nameof(AddText), SqlType.VarChar(utf8.Length), utf8, Texts);

    /// <summary>Adds a byte string, for a BINARY, VARBINARY or BLOB column.</summary>
    public TableKey AddBinary(ReadOnlySpan<byte> value) =>
        AddBytes(nameof(AddBinary), SqlType.VarBinary(value.Length), value, 1 << (int)ColumnAccess.Binary);

    /// <summary>Adds a date and time of day, for a DATE (at midnight), DATETIME or TIMESTAMP (in the session's zone) column.</summary>
    public TableKey AddDateTime(TemporalValue value) =>
        Add(nameof(AddDateTime), SqlValue.FromInt64(SqlType.DateTime(6), value.Packed), DatesWithTimes);

    /// <summary>Adds a span of time, for a TIME column.</summary>
    public TableKey AddTime(TimeSpan value) =>
        Add(nameof(AddTime), SqlValue.FromInt64(SqlType.Time(6), value.Ticks / TimeSpan.TicksPerMicrosecond), 1 << (int)ColumnAccess.Time);

    /// <summary>True where a table's handle made the key.</summary>
    internal bool IsOf(BoundTable table) => ReferenceEquals(table, _table);

    /// <summary>The key of a row; false where no row can have it. Error 1210 where columns lack a value.</summary>
    internal bool TryGetPoint(out ReadOnlySpan<byte> key)
    {
        if (Count != _table.KeyParts.Length)
            throw DirectErrors.WrongKeyCount(Count, _table.KeyParts.Length).ToException();
        key = _bytes.Written;
        return _fit == KeyFit.Exact;
    }

    /// <summary>The bytes with which keys of rows begin that have these values; see <see cref="IsBehind"/>.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.Written;

    /// <summary>
    /// Where the key lies that a scan is bounded by: behind all keys of rows that begin with <see cref="Bytes"/>, or before them. The caller says it for values
    /// that rows can have.
    /// </summary>
    internal bool IsBehind(bool isBehindEqual) => _fit == KeyFit.Exact ? isBehindEqual : _fit != KeyFit.BelowAll;

    private TableKey Add(string function, in SqlValue value, int accepted)
    {
        SqlType column = Next(function, accepted, out string name);
        EvaluationContext evaluation = _table.Context.Evaluation;
        ColumnVector vector = evaluation.Rent(value.Type);
        value.CopyTo(vector, 0);
        Take(function, name, _fit == KeyFit.Exact ? KeyValueEncoder.Append(evaluation, _bytes, column, vector, 0) : _fit);
        evaluation.Return();
        return this;
    }

    private TableKey AddBytes(string function, SqlType type, ReadOnlySpan<byte> value, int accepted)
    {
        SqlType column = Next(function, accepted, out string name);
        EvaluationContext evaluation = _table.Context.Evaluation;
        ColumnVector vector = evaluation.Rent(type);
        vector.SetBytes(0, value);
        Take(function, name, _fit == KeyFit.Exact ? KeyValueEncoder.Append(evaluation, _bytes, column, vector, 0) : _fit);
        evaluation.Return();
        return this;
    }

    /// <summary>The type of the column that the next value is for.</summary>
    private SqlType Next(string function, int accepted, out string name)
    {
        ReadOnlySpan<IndexPart> parts = _table.KeyParts;
        if (Count == parts.Length)
            throw DirectErrors.WrongKeyCount(Count + 1, parts.Length).ToException();
        int ordinal = parts[Count].Ordinal;
        ColumnSchema column = _table.Table.Columns[ordinal];
        name = column.Name;
        return (accepted >> (int)_table.Access(ordinal) & 1) != 0
            ? column.Type
            : throw DirectErrors.WrongType(function, name, column.Type).ToException();
    }

    private void Take(string function, string name, KeyFit fit)
    {
        if (fit == KeyFit.Unknown)
            throw DirectErrors.NoPlace(function, name).ToException();
        _fit = fit;
        Count++;
    }
}
