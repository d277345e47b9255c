namespace P2PDB.Network.Protobuf;

/// <summary>
/// Little-endian base-128 numbers. Multiformats (multiaddr, multihash, multistream, length prefixes) demand the shortest form and at most
/// nine bytes; protobuf allows longer forms, up to ten.
/// </summary>
internal static class UnsignedVarint
{
    /// <summary>Longest multiformats varint, bytes.</summary>
    public const int LengthMax = 9;

    /// <summary>Reads a multiformats varint: its length in bytes, or 0 when it is truncated, too long or not the shortest form.</summary>
    public static int TryRead(ReadOnlySpan<byte> source, out ulong value)
    {
        int length = Read(source, LengthMax, out value);
        return length > 1 && source[length - 1] == 0 ? 0 : length;
    }

    /// <summary>Reads a protobuf varint: its length in bytes, or 0 when it is truncated or longer than 64 bits.</summary>
    public static int TryReadLenient(ReadOnlySpan<byte> source, out ulong value)
    {
        int length = Read(source, 10, out value);
        return length == 10 && source[9] > 1 ? 0 : length;
    }

    /// <summary>Writes the shortest form and returns its length, 1 to 10.</summary>
    public static int Write(ulong value, Span<byte> target)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    private static int Read(ReadOnlySpan<byte> source, int lengthMax, out ulong value)
    {
        value = 0;
        int end = Math.Min(source.Length, lengthMax);
        for (int i = 0; i < end; i++)
        {
            value |= (ulong)(source[i] & 0x7F) << (7 * i);
            if (source[i] < 0x80)
                return i + 1;
        }

        return 0;
    }
}
