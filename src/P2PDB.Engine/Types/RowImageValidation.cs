using System.Buffers.Binary;

namespace P2PDB.Engine.Types;

// The checks behind RowLayout.TryValidate: whoever passes them re-encodes to the same bytes.
internal static class RowImageValidation
{
    public static bool IsCanonical(RowLayout layout, ReadOnlySpan<byte> image)
    {
        if (image.Length < layout.LengthMin)
            return false;
        int count = layout.ColumnCount;
        if ((count & 7) != 0 && image[count >> 3] >> (count & 7) != 0)
            return false;

        uint previousEnd = 0;
        for (int column = 0; column < count; column++)
        {
            bool isNull = RowLayout.IsNull(image, column);
            if (layout.IsVariable(column))
            {
                int at = layout.EndOffsetsStart + (4 * layout.PlaceOf(column));
                uint end = BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
                if (end < previousEnd || (isNull && end != previousEnd) || end > (uint)(image.Length - layout.LengthMin))
                    return false;
                previousEnd = end;
                continue;
            }

            ReadOnlySpan<byte> bytes = layout.GetFixed(image, column);
            if (isNull ? bytes.ContainsAnyExcept((byte)0) : !IsInRange(layout, column, bytes))
                return false;
        }

        return layout.LengthMin + (long)previousEnd == image.Length;
    }

    private static bool IsInRange(RowLayout layout, int column, ReadOnlySpan<byte> bytes)
    {
        switch (layout.CodeOf(column))
        {
            case StorageCode.F32:
                float single = BinaryPrimitives.ReadSingleLittleEndian(bytes);
                return float.IsFinite(single) && (single != 0 || !float.IsNegative(single));
            case StorageCode.F64:
                double value = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
                return double.IsFinite(value) && (value != 0 || !double.IsNegative(value));
            case StorageCode.Dec8:
                return HasDigits(bytes, 18);
            case StorageCode.Dec16:
                return HasDigits(bytes, 38);
            case StorageCode.Dec32:
                return HasDigits(bytes, 65);
            case StorageCode.Date4:
                // Year 9999, month 12, day 31 take 22 bits; more would be shifted out of the packed value unseen.
                int date4 = BinaryPrimitives.ReadInt32LittleEndian(bytes);
                return date4 is >= 0 and < 1 << 22 && TemporalValue.IsValid(TemporalValue.FromDate4(date4));
            case StorageCode.Time8:
                return Math.Abs(Math.Max(BinaryPrimitives.ReadInt64LittleEndian(bytes), -long.MaxValue))
                    <= TemporalValue.TimeMax + 999_999;
            case StorageCode.DateTime8:
                // DATETIME or TIMESTAMP: the code alone does not say which; no value of either is negative.
                return BinaryPrimitives.ReadInt64LittleEndian(bytes) >= 0;
            default:
                return true;
        }
    }

    private static bool HasDigits(ReadOnlySpan<byte> bytes, int digitCount) =>
        SqlDecimal.ReadScaled(bytes, 0).Magnitude.CompareTo(DecimalMagnitude.PowerOfTen(digitCount)) < 0;
}
