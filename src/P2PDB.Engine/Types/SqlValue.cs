using System.Text;

namespace P2PDB.Engine.Types;

/// <summary>
/// One value of any type, for parameters, literals and defaults. Bytes are borrowed: whoever sets a parameter keeps them
/// alive and unchanged for the execution.
/// </summary>
public readonly struct SqlValue
{
    private readonly long _number;
    private readonly SqlDecimal _decimal;

    private SqlValue(SqlType type, bool isNull, long number, in SqlDecimal exact, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        IsNull = isNull;
        _number = number;
        _decimal = exact;
        Bytes = bytes;
    }

    /// <summary>The type; its <see cref="SqlType.Physical"/> says which accessor holds the value.</summary>
    public SqlType Type { get; }

    /// <summary>True for NULL.</summary>
    public bool IsNull { get; }

    /// <summary>The integer or temporal.</summary>
    public long Int64 => _number;

    /// <summary>The double.</summary>
    public double Double => BitConverter.Int64BitsToDouble(_number);

    /// <summary>The decimal.</summary>
    public SqlDecimal Decimal => _decimal;

    /// <summary>The bytes; text is UTF-8.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>NULL.</summary>
    public static SqlValue Null { get; } = new(SqlType.Null, true, 0, default, default);

    /// <summary>NULL of a type.</summary>
    public static SqlValue NullOf(SqlType type) => new(type, true, 0, default, default);

    /// <summary>A BIGINT.</summary>
    public static SqlValue FromInt64(long value) => new(SqlType.BigInt, false, value, default, default);

    /// <summary>A BIGINT UNSIGNED.</summary>
    public static SqlValue FromUInt64(ulong value) =>
        new(SqlType.UnsignedBigInt, false, unchecked((long)value), default, default);

    /// <summary>An integer or temporal of a type whose physical kind is Int64.</summary>
    public static SqlValue FromInt64(SqlType type, long value) => new(type, false, value, default, default);

    /// <summary>A DOUBLE.</summary>
    public static SqlValue FromDouble(double value) =>
        new(SqlType.Double, false, BitConverter.DoubleToInt64Bits(value), default, default);

    /// <summary>A FLOAT or DOUBLE of a type.</summary>
    public static SqlValue FromDouble(SqlType type, double value) =>
        new(type, false, BitConverter.DoubleToInt64Bits(value), default, default);

    /// <summary>A DECIMAL as wide as the value.</summary>
    public static SqlValue FromDecimal(in SqlDecimal value) =>
        new(SqlType.Decimal(Math.Max(value.DigitCount, value.Scale), value.Scale), false, 0, value, default);

    /// <summary>A DECIMAL of a type.</summary>
    public static SqlValue FromDecimal(SqlType type, in SqlDecimal value) => new(type, false, 0, value, default);

    /// <summary>A string of a type; the bytes are borrowed.</summary>
    public static SqlValue FromBytes(SqlType type, ReadOnlyMemory<byte> bytes) => new(type, false, 0, default, bytes);

    /// <summary>A text of the default collation; the bytes are borrowed.</summary>
    public static SqlValue FromText(ReadOnlyMemory<byte> utf8) =>
        new(SqlType.VarChar(utf8.Length), false, 0, default, utf8);

    /// <summary>A text of the default collation.</summary>
    public static SqlValue FromText(string text) => FromText(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a row of a vector; the bytes are copied.</summary>
    public static SqlValue FromVector(ColumnVector vector, int row)
    {
        ArgumentNullException.ThrowIfNull(vector);
        SqlType type = vector.Type;
        if (vector.IsNull(row))
            return NullOf(type);
        return vector.Physical switch
        {
            PhysicalKind.Int64 => FromInt64(type, vector.GetInt64(row)),
            PhysicalKind.Double => FromDouble(type, vector.GetDouble(row)),
            PhysicalKind.Decimal => FromDecimal(type, vector.GetDecimal(row)),
            _ => FromBytes(type, vector.GetBytes(row).ToArray()),
        };
    }

    /// <summary>Writes the value to a row of a vector of the same physical kind.</summary>
    public void CopyTo(ColumnVector vector, int row)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (IsNull)
        {
            vector.SetNull(row);
            return;
        }

        switch (vector.Physical)
        {
            case PhysicalKind.Int64: vector.SetInt64(row, _number); break;
            case PhysicalKind.Double: vector.SetDouble(row, Double); break;
            case PhysicalKind.Decimal: vector.SetDecimal(row, _decimal); break;
            default: vector.SetBytes(row, Bytes.Span); break;
        }
    }
}
