using System.Buffers.Binary;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types;

/// <summary>
/// Reads back what <see cref="KeyEncoder"/> wrote, where that can be done: the weights of a text are not the text. Keys come from peers
/// too: what no value of the type encodes to is not read.
/// </summary>
internal static class KeyDecoder
{
    /// <summary>
    /// Takes the next value, of the vector's type, from the front of a key; false, and nothing taken, where there is none or it cannot be read back.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> key, ColumnVector target, int row)
    {
        ReadOnlySpan<byte> rest = key;
        if (rest.IsEmpty || rest[0] > 1)
            return false;
        bool isNull = rest[0] == 0;
        rest = rest[1..];
        if (isNull)
            target.SetNull(row);
        else if (!(target.Physical == PhysicalKind.Bytes ? TryReadBytes(ref rest, target, row) : TryReadNumber(ref rest, target, row)))
            return false;
        key = rest;
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> rest, ColumnVector target, int row)
    {
        SqlType type = target.Type;
        int width = type.Kind != SqlTypeKind.Decimal || type.Precision <= 18 ? 8 : type.Precision <= 38 ? 16 : 32;
        if (rest.Length < width)
            return false;
        ReadOnlySpan<byte> bytes = rest[..width];
        rest = rest[width..];
        ulong bits = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        switch (target.Physical)
        {
            case PhysicalKind.Decimal:
                Span<byte> scaled = stackalloc byte[32];
                scaled = scaled[..width];
                bytes.CopyTo(scaled);
                scaled[0] ^= 0x80;
                scaled.Reverse();
                SqlDecimal exact = SqlDecimal.ReadScaled(scaled, type.Scale);
                target.SetDecimal(row, exact);
                return exact.DigitCount <= (width == 8 ? 18 : width == 16 ? 38 : SqlDecimal.PrecisionMax);
            case PhysicalKind.Double:
                double value = BitConverter.UInt64BitsToDouble(bits ^ (bits >> 63 != 0 ? 1UL << 63 : ulong.MaxValue));
                target.SetDouble(row, value);
                return double.IsFinite(value) && (value != 0 || !double.IsNegative(value));
            default:
                long number = unchecked((long)(bits ^ (KeyEncoder.IsUnsignedKey(type) ? 0 : 1UL << 63)));
                target.SetInt64(row, number);
                return CanBeStored(type, number);
        }
    }

    /// <summary>True where a row image can hold the number: it has the type's width, and is a date or time where it is to be one.</summary>
    private static bool CanBeStored(SqlType type, long number)
    {
        var layout = new RowLayout([type]);
        using var image = new ByteWriter();
        var writer = new RowImageWriter(layout, image);
        writer.SetInt64(0, number);
        return layout.TryValidate(image.Written) && layout.GetInt64(image.Written, 0) == number;
    }

    /// <summary>Bytes in which a zero is followed by 0xFF, up to two zeros.</summary>
    private static bool TryReadBytes(ref ReadOnlySpan<byte> rest, ColumnVector target, int row)
    {
        if (!target.Type.Collation.IsBinary)
            return false;
        int end = 0;
        int zeros = 0;
        while (end + 1 < rest.Length && !(rest[end] == 0 && rest[end + 1] == 0))
        {
            bool isZero = rest[end] == 0;
            if (isZero && rest[end + 1] != 0xFF)
                return false;
            zeros += isZero ? 1 : 0;
            end += isZero ? 2 : 1;
        }

        if (end + 1 >= rest.Length)
            return false;
        Span<byte> value = target.AllocateBytes(row, end - zeros);
        for (int from = 0, to = 0; from < end; from += rest[from] == 0 ? 2 : 1)
            value[to++] = rest[from];
        rest = rest[(end + 2)..];
        return true;
    }
}
