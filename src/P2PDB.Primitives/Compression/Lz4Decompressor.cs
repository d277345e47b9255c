using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace P2PDB.Primitives.Compression;

/// <summary>
/// Strict decompression. Short copies are done by whole vectors that may write past their end, where the rest of the
/// output has room for it; whatever they wrote too much is overwritten by the next sequence.
/// </summary>
internal static class Lz4Decompressor
{
    private const int MatchLengthMin = 4;
    private const int LengthMask = 15;
    private const int VectorLength = 16;

    /// <summary>Literals up to 14 and matches up to 18 bytes, the most that a token says by itself, fit in two vectors.</summary>
    private const int ShortRoom = 2 * VectorLength;

    public static bool TryDecompress(ReadOnlySpan<byte> packed, Span<byte> raw)
    {
        // SAFETY: the pointers come from pinned spans and are passed on with their ends.
        unsafe
        {
            fixed (byte* source = packed)
            fixed (byte* target = raw)
                return TryDecompress(source, source + packed.Length, target, target + raw.Length);
        }
    }

    // SAFETY: source..sourceEnd and target..targetEnd are pinned. Every read of input is preceded by a comparison with
    // sourceEnd, every write by one with targetEnd (for vectors with their whole length), and a match starts at target or
    // later because its distance was compared with what is written. INVARIANT: source <= sourceEnd, written <= targetEnd.
    private static unsafe bool TryDecompress(byte* source, byte* sourceEnd, byte* target, byte* targetEnd)
    {
        byte* written = target;
        while (source < sourceEnd)
        {
            int token = *source++;
            long literals = token >> 4;
            if (literals < LengthMask && sourceEnd - source >= VectorLength && targetEnd - written >= VectorLength)
            {
                // At most 14 of the 16 bytes are literals: two are left for the distance.
                Copy16(source, written);
                source += literals;
                written += literals;
            }
            else
            {
                if (literals == LengthMask && !TryExtend(ref source, sourceEnd, ref literals))
                    return false;
                if (literals > sourceEnd - source || literals > targetEnd - written)
                    return false;
                Buffer.MemoryCopy(source, written, literals, literals);
                source += literals;
                written += literals;
                if (source == sourceEnd)
                    return written == targetEnd && (token & LengthMask) == 0;
                if (sourceEnd - source < sizeof(ushort))
                    return false;
            }

            int distance = source[0] | (source[1] << 8);
            source += sizeof(ushort);
            if (distance == 0 || distance > written - target)
                return false;

            long length = token & LengthMask;
            byte* match = written - distance;
            if (length < LengthMask && distance >= VectorLength && targetEnd - written >= ShortRoom)
            {
                Copy16(match, written);
                Copy16(match + VectorLength, written + VectorLength);
                written += length + MatchLengthMin;
                continue;
            }

            if (length == LengthMask && !TryExtend(ref source, sourceEnd, ref length))
                return false;
            length += MatchLengthMin;
            if (length > targetEnd - written)
                return false;
            CopyMatch(match, written, length, targetEnd);
            written += length;
        }

        return false;
    }

    // SAFETY: the caller checked that match lies before written in one buffer, and that length bytes fit.
    private static unsafe void CopyMatch(byte* match, byte* written, long length, byte* targetEnd)
    {
        byte* end = written + length;
        if (targetEnd - end < VectorLength)
        {
            // Too near the end for vectors, and too rare to be worth more code.
            while (written < end)
                *written++ = *match++;
            return;
        }

        // A match that overlaps its copy repeats with a period of the distance, hence with each multiple of it too. So
        // copying one period doubles the distance: after at most four steps a vector does not overlap its source.
        long distance = written - match;
        while (distance < VectorLength)
        {
            if (distance >= sizeof(ulong))
            {
                Copy8(match, written);
                Copy8(match + sizeof(ulong), written + sizeof(ulong));
            }
            else
            {
                Copy8(match, written);
            }

            if (written + distance >= end)
                return;
            written += distance;
            distance *= 2;
        }

        do
        {
            Copy16(match, written);
            match += VectorLength;
            written += VectorLength;
        }
        while (written < end);
    }

    // SAFETY: reads below sourceEnd only. A length has at most 255 for each byte of input, so that 64 bits hold it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool TryExtend(ref byte* source, byte* sourceEnd, ref long length)
    {
        int part;
        do
        {
            if (source == sourceEnd)
                return false;
            part = *source++;
            length += part;
        }
        while (part == byte.MaxValue);
        return true;
    }

    // SAFETY: the callers compared both ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy16(byte* source, byte* target) => Vector128.Load(source).Store(target);

    // SAFETY: the callers compared both ends; x64 and ARM64 allow unaligned words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy8(byte* source, byte* target) => Vector64.Load(source).Store(target);
}
