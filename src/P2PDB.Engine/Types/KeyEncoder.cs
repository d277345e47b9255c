// KEY ENCODING v1: the order of the bytes is the order of the values. Golden bytes:
// KeyEncoderTests.cs. Spec: docs/formats/key-encoding.md. Each part of a key:
//    0x00                                     NULL, and nothing after it
//    0x01 then by type:
//      integers, temporals, YEAR, BIT, ENUM   8 bytes big-endian; signed ones with the sign bit flipped
//      FLOAT, DOUBLE                          8 bytes big-endian of the bits; positive: sign bit flipped, negative: all
//      DECIMAL                                32 bytes big-endian two's complement of value * 10^scale, sign flipped;
//                                             8 or 16 bytes where the precision is at most 18 or 38
//      strings                                collation weights (binary: the bytes), each 0x00 written as 0x00 0xFF,
//                                             then 0x00 0x00
using System.Buffers.Binary;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types;

/// <summary>Encodes values as bytes whose order is the order of the values, for index keys and hash tables.</summary>
public static class KeyEncoder
{
    private const byte NullMark = 0;
    private const byte PresentMark = 1;

    /// <summary>Appends NULL, which sorts first.</summary>
    public static void AppendNull(ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.WriteByte(NullMark);
    }

    /// <summary>Appends an integer, a temporal or the like.</summary>
    public static void AppendInt64(ByteWriter target, long value, bool isUnsigned)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.WriteByte(PresentMark);
        ulong bits = unchecked((ulong)value) ^ (isUnsigned ? 0 : 1UL << 63);
        BinaryPrimitives.WriteUInt64BigEndian(target.GetSpan(8), bits);
        target.Advance(8);
    }

    /// <summary>Appends a double; -0 is 0.</summary>
    public static void AppendDouble(ByteWriter target, double value)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.WriteByte(PresentMark);
        ulong bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);
        bits ^= bits >> 63 != 0 ? ulong.MaxValue : 1UL << 63;
        BinaryPrimitives.WriteUInt64BigEndian(target.GetSpan(8), bits);
        target.Advance(8);
    }

    /// <summary>Appends a decimal of a type DECIMAL(precision, scale), rounded to its scale.</summary>
    public static void AppendDecimal(ByteWriter target, in SqlDecimal value, int precision, int scale)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.WriteByte(PresentMark);
        int width = precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
        Span<byte> bytes = target.GetSpan(width)[..width];
        (value.Scale == scale ? value : value.Round(scale)).WriteScaled(bytes);
        bytes.Reverse();
        bytes[0] ^= 0x80;
        target.Advance(width);
    }

    /// <summary>Appends a string's weights under a collation.</summary>
    public static void AppendString(ByteWriter target, ReadOnlySpan<byte> text, Collation collation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(collation);
        target.WriteByte(PresentMark);
        int start = target.Length;
        if (collation.IsBinary)
            target.Write(text);
        else
            collation.AppendSortKey(text, target);
        Escape(target, start);
        target.WriteUInt16(0);
    }

    /// <summary>Appends a row of a vector as its type demands.</summary>
    public static void Append(ByteWriter target, ColumnVector source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(row))
        {
            AppendNull(target);
            return;
        }

        switch (source.Physical)
        {
            case PhysicalKind.Int64:
                AppendInt64(target, source.GetInt64(row), IsUnsignedKey(source.Type));
                break;
            case PhysicalKind.Double:
                AppendDouble(target, source.GetDouble(row));
                break;
            case PhysicalKind.Decimal:
                AppendDecimal(target, source.GetDecimal(row), source.Type.Precision, source.Type.Scale);
                break;
            default:
                AppendString(target, source.GetBytes(row), source.Type.Collation);
                break;
        }
    }

    /// <summary>Appends a column of a row image as its type demands.</summary>
    public static void Append(ByteWriter target, RowLayout layout, ReadOnlySpan<byte> image, int column, SqlType type)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (RowLayout.IsNull(image, column))
        {
            AppendNull(target);
            return;
        }

        switch (type.Physical)
        {
            case PhysicalKind.Int64:
                AppendInt64(target, layout.GetInt64(image, column), IsUnsignedKey(type));
                break;
            case PhysicalKind.Double:
                AppendDouble(target, layout.GetDouble(image, column));
                break;
            case PhysicalKind.Decimal:
                AppendDecimal(target, layout.GetDecimal(image, column), type.Precision, type.Scale);
                break;
            default:
                AppendString(target, layout.GetBytes(image, column), type.Collation);
                break;
        }
    }

    /// <summary>Appends a value of a column's type.</summary>
    public static void Append(ByteWriter target, in SqlValue value, SqlType type)
    {
        if (value.IsNull)
        {
            AppendNull(target);
            return;
        }

        switch (type.Physical)
        {
            case PhysicalKind.Int64: AppendInt64(target, value.Int64, IsUnsignedKey(type)); break;
            case PhysicalKind.Double: AppendDouble(target, value.Double); break;
            case PhysicalKind.Decimal: AppendDecimal(target, value.Decimal, type.Precision, type.Scale); break;
            default: AppendString(target, value.Bytes.Span, type.Collation); break;
        }
    }

    /// <summary>True where the 64 bits order without a sign.</summary>
    public static bool IsUnsignedKey(SqlType type) =>
        type.IsUnsigned || type.Kind is SqlTypeKind.Bit or SqlTypeKind.Enum or SqlTypeKind.Set or SqlTypeKind.Year;

    // Weights seldom hold a zero byte: look first, move only then.
    private static void Escape(ByteWriter target, int start)
    {
        int zeros = target.Written[start..].Count((byte)0);
        if (zeros == 0)
            return;
        int from = target.Length - 1;
        target.WriteZeros(zeros);
        Span<byte> bytes = target.WrittenSpan;
        int to = bytes.Length - 1;
        for (; from >= start; from--)
        {
            if (bytes[from] == 0)
                bytes[to--] = 0xFF;
            bytes[to--] = bytes[from];
        }
    }
}
