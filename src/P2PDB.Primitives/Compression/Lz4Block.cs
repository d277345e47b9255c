using System.Buffers.Binary;

namespace P2PDB.Primitives.Compression;

/// <summary>The LZ4 block format (no frame): the raw length is stored elsewhere.</summary>
public static class Lz4Block
{
    private const int MatchLengthMin = 4;
    private const int LastLiterals = 5;
    private const int MatchStartMargin = 12;
    private const int DistanceMax = 65535;
    private const int HashBits = 12;

    /// <summary>Bytes that <paramref name="rawLength"/> bytes take at most when compressed.</summary>
    public static int LengthMax(int rawLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rawLength);
        return checked(rawLength + (rawLength / 255) + 16);
    }

    /// <summary>Compresses <paramref name="raw"/>; returns the length, or 0 when it does not fit.</summary>
    public static int Compress(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        Span<int> table = stackalloc int[1 << HashBits];
        table.Clear();
        int anchor = 0;
        int position = 0;
        int written = 0;
        while (position + MatchStartMargin <= raw.Length)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(raw[position..]);
            int slot = (int)(unchecked(word * 2654435761u) >> (32 - HashBits));
            int candidate = table[slot] - 1;
            table[slot] = position + 1;
            if (candidate < 0 || position - candidate > DistanceMax
                || BinaryPrimitives.ReadUInt32LittleEndian(raw[candidate..]) != word)
            {
                position++;
                continue;
            }

            ReadOnlySpan<byte> ahead = raw[position..^LastLiterals];
            int length = ahead.CommonPrefixLength(raw[candidate..]);
            if (!TryWrite(raw[anchor..position], position - candidate, length, target, ref written))
                return 0;
            position += length;
            anchor = position;
        }

        return TryWrite(raw[anchor..], 0, 0, target, ref written) ? written : 0;
    }

    /// <summary>
    /// Decompresses <paramref name="packed"/> into <paramref name="raw"/>, which it must fill exactly; false on any
    /// malformed input, and then the contents of <paramref name="raw"/> are unspecified.
    /// </summary>
    public static bool TryDecompress(ReadOnlySpan<byte> packed, Span<byte> raw)
    {
        int read = 0;
        int written = 0;
        while (read < packed.Length)
        {
            int token = packed[read++];
            int literals = token >> 4;
            if (literals == 15 && !TryReadLength(packed, ref read, ref literals))
                return false;
            if (literals > packed.Length - read || literals > raw.Length - written)
                return false;
            packed.Slice(read, literals).CopyTo(raw[written..]);
            read += literals;
            written += literals;
            if (read == packed.Length)
                return written == raw.Length && (token & 15) == 0;

            if (packed.Length - read < 2)
                return false;
            int distance = BinaryPrimitives.ReadUInt16LittleEndian(packed[read..]);
            read += 2;
            int length = token & 15;
            if (length == 15 && !TryReadLength(packed, ref read, ref length))
                return false;
            length += MatchLengthMin;
            if (distance == 0 || distance > written || length > raw.Length - written)
                return false;
            for (int i = 0; i < length; i++, written++)
                raw[written] = raw[written - distance];
        }

        return false;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> packed, ref int read, ref int length)
    {
        byte part = 255;
        while (part == 255)
        {
            if (read == packed.Length || length > int.MaxValue - 512)
                return false;
            part = packed[read++];
            length += part;
        }

        return true;
    }

    private static bool TryWrite(ReadOnlySpan<byte> literals, int distance, int length, Span<byte> target, ref int written)
    {
        if ((long)written + literals.Length + (literals.Length / 255) + (length / 255) + 5 > target.Length)
        {
            // The bound is loose by a few bytes: an exact fit may be refused.
            return false;
        }

        int extra = distance == 0 ? 0 : length - MatchLengthMin;
        target[written++] = (byte)((Math.Min(literals.Length, 15) << 4) | Math.Min(extra, 15));
        if (literals.Length >= 15)
            WriteLength(literals.Length - 15, target, ref written);
        literals.CopyTo(target[written..]);
        written += literals.Length;
        if (distance == 0)
            return true;
        BinaryPrimitives.WriteUInt16LittleEndian(target[written..], (ushort)distance);
        written += 2;
        if (extra >= 15)
            WriteLength(extra - 15, target, ref written);
        return true;
    }

    private static void WriteLength(int rest, Span<byte> target, ref int written)
    {
        for (; rest >= 255; rest -= 255)
            target[written++] = 255;
        target[written++] = (byte)rest;
    }
}
