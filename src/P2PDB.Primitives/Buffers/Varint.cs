using System.Numerics;

namespace P2PDB.Primitives.Buffers;

// VARINT (unsigned LEB128): seven bits a byte, lowest first; bit 7 says that another byte follows; 1 to 10 bytes.
// One value has one encoding: a last byte of zero (a longer form of the same value) and bits past 64 are rejected.

/// <summary>Unsigned LEB128 integers in their shortest form only, so that equal values have equal bytes.</summary>
public static class Varint
{
    /// <summary>Bytes that the longest varint takes.</summary>
    public const int LengthMax = 10;

    /// <summary>Bytes that <paramref name="value"/> takes: 1 to <see cref="LengthMax"/>.</summary>
    public static int LengthOf(ulong value) => (BitOperations.Log2(value) * 9 + 73) >> 6;

    /// <summary>Writes <paramref name="value"/>; returns the bytes written, or 0 when it does not fit.</summary>
    public static int Write(Span<byte> target, ulong value)
    {
        int offset = 0;
        while (value >= 0x80)
        {
            if (offset >= target.Length)
                return 0;
            target[offset++] = (byte)(value | 0x80);
            value >>= 7;
        }

        if (offset >= target.Length)
            return 0;
        target[offset++] = (byte)value;
        return offset;
    }

    /// <summary>
    /// Reads a varint from the start of <paramref name="source"/>; false if it is cut short, over 64 bits or not in its
    /// shortest form, and then <paramref name="length"/> is 0.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        if (source.Length > 0 && source[0] < 0x80)
        {
            value = source[0];
            length = 1;
            return true;
        }

        return TryReadLong(source, out value, out length);
    }

    private static bool TryReadLong(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        value = 0;
        length = 0;
        int countMax = Math.Min(source.Length, LengthMax);
        ulong read = 0;
        for (int i = 0; i < countMax; i++)
        {
            byte part = source[i];
            if (i == LengthMax - 1 && part > 1)
                return false;   // The tenth byte holds bit 63 alone.
            read |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                if (part == 0 && i > 0)
                    return false;   // A shorter form exists.
                value = read;
                length = i + 1;
                return true;
            }
        }

        return false;
    }
}
