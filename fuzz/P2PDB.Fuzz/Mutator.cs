using System.Buffers.Binary;

namespace P2PDB.Fuzz;

/// <summary>Changes inputs at random: the same seed gives the same inputs.</summary>
/// <param name="random">The dice.</param>
/// <param name="words">What else is put into inputs; may be empty.</param>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    private static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 250, 251, 252, 253, 254, 255, 256, 1023, 1024, 4095,
        4096, 0x7FFE, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x1_0000, 0xFF_FFFF, 0x100_0000, 0x7FFF_FFFE, 0x7FFF_FFFF,
        0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 0x8000_0000_0000_0000, ulong.MaxValue,
    ];

    /// <summary>
    /// Writes to <paramref name="target"/> a changed copy of <paramref name="source"/>, with parts of
    /// <paramref name="other"/>; returns its length.
    /// </summary>
    public int Mutate(ReadOnlySpan<byte> source, ReadOnlySpan<byte> other, Span<byte> target)
    {
        int length = Math.Min(source.Length, target.Length);
        source[..length].CopyTo(target);
        // Mostly one change, so that what is behind it is still read; sometimes a pile of them.
        int changes = 1 << random.Next(random.Next(4) == 0 ? 6 : 2);
        for (int i = 0; i < changes; i++)
            length = Change(target, length, other);
        return length;
    }

    private int Change(Span<byte> bytes, int length, ReadOnlySpan<byte> other)
    {
        if (length == 0)
            return Insert(bytes, length, 1 + random.Next(8));

        int at = random.Next(length);
        if (words.Count > 0 && random.Next(2) == 0)
            return PutWord(bytes, length, at);
        switch (random.Next(12))
        {
            case 0:
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 2:
                bytes[at] = (byte)random.Next(256);
                return length;
            case 3:
                bytes[at] += (byte)(random.Next(2) == 0 ? 1 : 255);
                return length;
            case 4:
            case 5:
                WriteNumber(bytes[at..length]);
                return length;
            case 6:
                return Insert(bytes, length, 1 + random.Next(1 << random.Next(8)));
            case 7:
                return Remove(bytes, length, at, 1 + random.Next(1 << random.Next(8)));
            case 8:
                return random.Next(8) == 0 ? at : length;
            case 9:
                return Repeat(bytes, length, at);
            case 10:
                CopyWithin(bytes[..length], at);
                return length;
            default:
                return Splice(bytes, length, at, other);
        }
    }

    private void WriteNumber(Span<byte> target)
    {
        ulong number = Numbers[random.Next(Numbers.Length)];
        if (random.Next(3) == 0)
            number += (ulong)random.Next(-2, 3);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        int width = 1 << random.Next(4);
        if (random.Next(4) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
            bytes = bytes[^width..];
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
            bytes = bytes[..width];
        }

        width = Math.Min(width, target.Length);
        bytes[..width].CopyTo(target);
    }

    private int Insert(Span<byte> bytes, int length, int count)
    {
        count = Math.Min(count, bytes.Length - length);
        int at = random.Next(length + 1);
        bytes[at..length].CopyTo(bytes[(at + count)..]);
        if (random.Next(2) == 0)
            random.NextBytes(bytes.Slice(at, count));
        else
            bytes.Slice(at, count).Fill((byte)random.Next(256));
        return length + count;
    }

    // In place of a piece of about its length or of nothing; the piece mostly is a whole word of the input.
    private int PutWord(Span<byte> bytes, int length, int at)
    {
        byte[] word = words[random.Next(words.Count)];
        while (at > 0 && char.IsAsciiLetterOrDigit((char)bytes[at - 1]) && random.Next(16) != 0)
            at--;
        int end = at;
        bool isReplacing = random.Next(2) == 0;
        while (isReplacing && end < length && char.IsAsciiLetterOrDigit((char)bytes[end]))
            end++;
        if (word.Length > bytes.Length - (length - (end - at)))
            return length;
        bytes[end..length].CopyTo(bytes[(at + word.Length)..]);
        word.CopyTo(bytes[at..]);
        return length + word.Length - (end - at);
    }

    private static int Remove(Span<byte> bytes, int length, int at, int count)
    {
        count = Math.Min(count, length - at);
        bytes[(at + count)..length].CopyTo(bytes[at..]);
        return length - count;
    }

    private int Repeat(Span<byte> bytes, int length, int at)
    {
        int count = Math.Min(1 + random.Next(length - at), bytes.Length - length);
        bytes[at..length].CopyTo(bytes[(at + count)..]);
        return length + count;
    }

    private void CopyWithin(Span<byte> bytes, int at)
    {
        int from = random.Next(bytes.Length);
        int count = Math.Min(1 + random.Next(64), bytes.Length - Math.Max(at, from));
        bytes.Slice(from, count).CopyTo(bytes[at..]);
    }

    private int Splice(Span<byte> bytes, int length, int at, ReadOnlySpan<byte> other)
    {
        if (other.IsEmpty)
            return length;
        ReadOnlySpan<byte> part = other[random.Next(other.Length)..];
        part = part[..Math.Min(part.Length, bytes.Length - at)];
        part.CopyTo(bytes[at..]);
        return random.Next(2) == 0 ? at + part.Length : Math.Max(length, at + part.Length);
    }
}
