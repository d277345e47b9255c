using System.Globalization;
using System.Numerics;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// An integer or decimal of any size: sums of a counter's deltas, which may leave the column's range on the way. In bytes: u8
/// scale, u8 length (1 to 31), the unscaled number in two's complement, little-endian, as short as can be.
/// </summary>
/// <param name="Unscaled">The number without its point.</param>
/// <param name="Scale">Digits after the point.</param>
internal readonly record struct ExactNumber(BigInteger Unscaled, int Scale) : IComparable<ExactNumber>
{
    private const int LengthMax = 31;

    /// <summary>True for the storage codes whose values are such numbers.</summary>
    public static bool IsFormOf(StorageCode code) =>
        code is (>= StorageCode.I8 and <= StorageCode.U64) or StorageCode.Year2 or StorageCode.Bit8
            or StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32;

    /// <summary>Reads a fixed column of a row image.</summary>
    public static ExactNumber Read(StoredColumn form, ReadOnlySpan<byte> bytes) =>
        new(new BigInteger(bytes, IsUnsigned(form.Code)), form.Scale);

    /// <summary>The number of a decimal.</summary>
    public static ExactNumber From(in SqlDecimal value)
    {
        string text = value.ToString();
        int point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0
            ? new ExactNumber(BigInteger.Parse(text, CultureInfo.InvariantCulture), 0)
            : new ExactNumber(BigInteger.Parse(text.Remove(point, 1), CultureInfo.InvariantCulture), text.Length - point - 1);
    }

    /// <summary>Reads what <see cref="Write"/> writes; false where there is a shorter form, or none.</summary>
    public static bool TryRead(ref ByteReader reader, out ExactNumber number)
    {
        number = default;
        if (!reader.TryReadByte(out byte scale) || scale > SqlDecimal.ScaleMax
            || !reader.TryReadByte(out byte length) || length is 0 or > LengthMax
            || !reader.TryReadBytes(length, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        number = new ExactNumber(new BigInteger(bytes), scale);
        return number.Unscaled.GetByteCount() == length;
    }

    /// <summary>Adds.</summary>
    public static ExactNumber operator +(ExactNumber left, ExactNumber right)
    {
        int scale = Math.Max(left.Scale, right.Scale);
        return new ExactNumber(left.At(scale) + right.At(scale), scale);
    }

    /// <summary>Subtracts.</summary>
    public static ExactNumber operator -(ExactNumber left, ExactNumber right) =>
        left + new ExactNumber(-right.Unscaled, right.Scale);

    /// <summary>Appends the number, whose length <see cref="IsWritable"/> found in bounds.</summary>
    public void Write(ByteWriter target)
    {
        target.WriteByte((byte)Scale);
        int length = Unscaled.GetByteCount();
        target.WriteByte((byte)length);
        Unscaled.TryWriteBytes(target.GetSpan(length), out int written);
        target.Advance(written);
    }

    /// <summary>True where the number has a form in bytes: beyond it lie sums of more than 10^9 of the largest values.</summary>
    public bool IsWritable => Unscaled.GetByteCount() <= LengthMax;

    /// <summary>
    /// Writes the number to a fixed column of a row image, as near as the form can hold it with at most
    /// <paramref name="digits"/> digits, where that is not 0; rounded half away from zero.
    /// </summary>
    public void WriteTo(Span<byte> target, StoredColumn form, int digits)
    {
        BigInteger value = At(form.Scale);
        bool isUnsigned = IsUnsigned(form.Code);
        BigInteger max = BigInteger.Pow(2, (8 * target.Length) - (isUnsigned ? 0 : 1)) - 1;
        BigInteger min = isUnsigned ? BigInteger.Zero : -max - 1;
        if (digits > 0)
        {
            max = BigInteger.Pow(10, digits) - 1;
            min = -max;
        }

        value = BigInteger.Max(min, BigInteger.Min(max, value));
        target.Fill((byte)(value.Sign < 0 ? 0xFF : 0));
        value.TryWriteBytes(target, out _, isUnsigned);
    }

    /// <inheritdoc/>
    public int CompareTo(ExactNumber other)
    {
        int scale = Math.Max(Scale, other.Scale);
        return At(scale).CompareTo(other.At(scale));
    }

    /// <summary>The number in decimal digits.</summary>
    public override string ToString()
    {
        string digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return (Unscaled.Sign < 0 ? "-" : "") + (Scale == 0 ? digits : digits.Insert(digits.Length - Scale, "."));
    }

    private static bool IsUnsigned(StorageCode code) => code is StorageCode.U8 or StorageCode.U16 or StorageCode.U24
        or StorageCode.U32 or StorageCode.U64 or StorageCode.Year2 or StorageCode.Bit8;

    private BigInteger At(int scale)
    {
        if (scale >= Scale)
            return Unscaled * BigInteger.Pow(10, scale - Scale);
        BigInteger unit = BigInteger.Pow(10, Scale - scale);
        BigInteger half = Unscaled.Sign * (unit / 2);
        return (Unscaled + half) / unit;
    }
}
