namespace P2PDB.Primitives.Compression;

// LZ4 BLOCK (the format's specification, lz4_Block_format.md), no frame: raw and packed length are stored elsewhere.
// A block is sequences:
//    u8        token: literal count in the high four bits, match length - 4 in the low four
//    u8…       15 in the high bits: more of the count, bytes to add, up to and with the first that is not 255
//    bytes     the literals
//    u16 LE    distance back to the match, 1..65,535; a match may overlap what it writes
//    u8…       15 in the low bits: more of the match length, as above
// The last sequence ends after its literals. Compressors leave the last 5 bytes literal and start no match in the last
// 12; decompressors here do not ask for it, but the last token's low bits must be 0.

/// <summary>The LZ4 block format, compressed for speed. Allocates nothing.</summary>
public static class Lz4Block
{
    /// <summary>Bytes that <paramref name="rawLength"/> bytes take at most when compressed.</summary>
    public static int LengthMax(int rawLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rawLength);
        return checked(rawLength + (rawLength / 255) + 16);
    }

    /// <summary>
    /// Compresses <paramref name="raw"/>; returns the length, or 0 when it does not fit, which never happens in
    /// <see cref="LengthMax"/> bytes. A smaller target says how much compression is worth having.
    /// </summary>
    public static int Compress(ReadOnlySpan<byte> raw, Span<byte> target) => Lz4Compressor.Compress(raw, target);

    /// <summary>
    /// Decompresses <paramref name="packed"/> into <paramref name="raw"/>, which it must fill exactly; false on any
    /// malformed input, and then the contents of <paramref name="raw"/> are unspecified.
    /// </summary>
    public static bool TryDecompress(ReadOnlySpan<byte> packed, Span<byte> raw) =>
        Lz4Decompressor.TryDecompress(packed, raw);
}
