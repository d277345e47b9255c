using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace P2PDB.Primitives.Compression;

/// <summary>
/// Greedy compression with one hash table from five bytes to the last place they were seen. Where nothing matches, the
/// steps grow by one for each 64 misses, so that incompressible input costs little. The bytes written depend on the input
/// alone, not on the machine.
/// </summary>
internal static class Lz4Compressor
{
    private const int MatchLengthMin = 4;
    private const int LastLiterals = 5;
    private const int MatchStartMargin = 12;
    private const int DistanceMax = ushort.MaxValue;
    private const int LengthMask = 15;
    private const int VectorLength = 16;

    // 16 KiB, which a first-level cache holds beside the input. Short inputs use, and clear, less of it.
    private const int TableBitsMax = 12;
    private const int TableBitsMin = 8;
    private const int SkipBits = 6;

    [SkipLocalsInit]
    public static int Compress(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        int tableBits = Math.Clamp(BitOperations.Log2((uint)raw.Length | 1), TableBitsMin, TableBitsMax);
        // On the stack in spite of its size: a pooled table would cost more than it does for short inputs.
        Span<int> table = stackalloc int[1 << TableBitsMax];
        table = table[..(1 << tableBits)];
        table.Clear();
        // SAFETY: the pointers come from pinned spans and are passed on with their lengths.
        unsafe
        {
            fixed (byte* source = raw)
            fixed (byte* packed = target)
            fixed (int* entries = table)
                return Compress(source, raw.Length, packed, packed + target.Length, entries, 64 - tableBits);
        }
    }

    // SAFETY: source has length readable bytes. Positions that are hashed or compared are at most length - 12, and both
    // read 8 bytes; candidates are positions before them. The table has 2^(64 - shift) entries. Writes are checked by
    // Emit and WriteLast against packedEnd.
    private static unsafe int Compress(
        byte* source, int length, byte* packed, byte* packedEnd, int* table, int shift)
    {
        byte* output = packed;
        byte* anchor = source;
        byte* end = source + length;
        byte* lastStart = end - MatchStartMargin;
        byte* matchEndMax = end - LastLiterals;
        byte* position = source + 1;   // Entry 0 of an empty table means position 0, which is a candidate like others.

        while (length > MatchStartMargin)
        {
            byte* candidate;
            int misses = 1 << SkipBits;
            while (true)
            {
                if (position > lastStart)
                    return WriteLast(anchor, end, packed, output, packedEnd);
                ulong word = Read64(position);
                int* entry = table + Slot(word, shift);
                candidate = source + *entry;
                *entry = (int)(position - source);
                if ((uint)word == Read32(candidate) && position - candidate <= DistanceMax)
                    break;
                position += misses++ >> SkipBits;
            }

            while (position > anchor && candidate > source && position[-1] == candidate[-1])
            {
                position--;
                candidate--;
            }

            byte* matchEnd = MatchEnd(position + MatchLengthMin, candidate + MatchLengthMin, matchEndMax);
            output = Emit(
                anchor, position, end, (int)(position - candidate), matchEnd - position - MatchLengthMin, output, packedEnd);
            if (output == null)
                return 0;
            position = matchEnd;
            anchor = matchEnd;
            // One place inside the match is remembered too; it lies before the last start, or the loop ends.
            if (position <= lastStart)
                table[Slot(Read64(position - 2), shift)] = (int)(position - 2 - source);
        }

        return WriteLast(anchor, end, packed, output, packedEnd);
    }

    // SAFETY: position >= candidate and both stay below endMax, which leaves five readable bytes; words are compared
    // only where eight are left below endMax.
    private static unsafe byte* MatchEnd(byte* position, byte* candidate, byte* endMax)
    {
        while (endMax - position >= sizeof(ulong))
        {
            ulong difference = Read64(position) ^ Read64(candidate);
            if (difference != 0)
                return position + (BitOperations.TrailingZeroCount(difference) >> 3);
            position += sizeof(ulong);
            candidate += sizeof(ulong);
        }

        while (position < endMax && *position == *candidate)
        {
            position++;
            candidate++;
        }

        return position;
    }

    // SAFETY: writes only after the sequence's exact length was compared with packedEnd; the vector copy of short literals
    // compares with both ends. Null says that the sequence does not fit.
    private static unsafe byte* Emit(
        byte* anchor, byte* position, byte* end, int distance, long matchExtra, byte* output, byte* packedEnd)
    {
        long literals = position - anchor;
        long needed = 1 + literals + LengthBytes(literals) + sizeof(ushort) + LengthBytes(matchExtra);
        if (needed > packedEnd - output)
            return null;

        *output++ = (byte)((Math.Min(literals, LengthMask) << 4) | Math.Min(matchExtra, LengthMask));
        if (literals >= LengthMask)
            output = WriteLength(literals - LengthMask, output);
        if (literals <= VectorLength && end - anchor >= VectorLength && packedEnd - output >= VectorLength)
            Vector128.Load(anchor).Store(output);
        else
            Buffer.MemoryCopy(anchor, output, literals, literals);
        output += literals;
        *output++ = (byte)distance;
        *output++ = (byte)(distance >> 8);
        return matchExtra >= LengthMask ? WriteLength(matchExtra - LengthMask, output) : output;
    }

    // SAFETY: writes only after the exact length was compared with packedEnd.
    private static unsafe int WriteLast(byte* anchor, byte* end, byte* packed, byte* output, byte* packedEnd)
    {
        long literals = end - anchor;
        if (1 + literals + LengthBytes(literals) > packedEnd - output)
            return 0;
        *output++ = (byte)(Math.Min(literals, LengthMask) << 4);
        if (literals >= LengthMask)
            output = WriteLength(literals - LengthMask, output);
        Buffer.MemoryCopy(anchor, output, literals, literals);
        output += literals;
        Debug.Assert(output <= packedEnd);
        return (int)(output - packed);
    }

    private static long LengthBytes(long count) => count < LengthMask ? 0 : ((count - LengthMask) / byte.MaxValue) + 1;

    // SAFETY: the caller counted these bytes by LengthBytes.
    private static unsafe byte* WriteLength(long rest, byte* output)
    {
        for (; rest >= byte.MaxValue; rest -= byte.MaxValue)
            *output++ = byte.MaxValue;
        *output++ = (byte)rest;
        return output;
    }

    /// <summary>Mixes the word's first five bytes: four match too many places in text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(ulong word, int shift) => (int)(unchecked((word << 24) * 0x9E37_79B9_7F4A_7C15) >> shift);

    // SAFETY: the callers leave eight readable bytes. Bytes are little-endian words, so that output does not depend on
    // the machine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe ulong Read64(byte* source)
    {
        ulong word = MemoryMarshal.Read<ulong>(new ReadOnlySpan<byte>(source, sizeof(ulong)));
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }

    // SAFETY: as Read64, with four bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Read32(byte* source)
    {
        uint word = MemoryMarshal.Read<uint>(new ReadOnlySpan<byte>(source, sizeof(uint)));
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }
}
