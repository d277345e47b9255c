namespace P2PDB.Engine.Storage.Overlays;

/// <summary>
/// A Bloom filter over the hashes of keys, of which all bits of one key lie in one line of the processor's cache. Of a hundred
/// keys that were not added it takes one or two for added ones.
/// </summary>
internal sealed class KeyFilter
{
    private const int BitsPerKey = 10;
    private const int ProbeCount = 6;
    private const int WordsPerLine = 8;
    private const int BitsPerLine = WordsPerLine * 64;

    private readonly ulong[] _words;
    private readonly uint _lineCount;

    /// <summary>An empty filter with room for so many keys.</summary>
    public KeyFilter(long keyCount)
    {
        _lineCount = (uint)Math.Clamp((keyCount * BitsPerKey) / BitsPerLine + 1, 1, Array.MaxLength / WordsPerLine);
        _words = new ulong[_lineCount * WordsPerLine];
    }

    /// <summary>Adds the hash of a key.</summary>
    public void Add(ulong hash)
    {
        Span<ulong> line = Line(hash);
        ulong bits = ProbesOf(hash);
        for (int i = 0; i < ProbeCount; i++, bits >>= 9)
            line[(int)(bits >> 6) & (WordsPerLine - 1)] |= 1UL << (int)(bits & 63);
    }

    /// <summary>False where no key with the hash was added.</summary>
    public bool MayHave(ulong hash)
    {
        ReadOnlySpan<ulong> line = Line(hash);
        ulong bits = ProbesOf(hash);
        for (int i = 0; i < ProbeCount; i++, bits >>= 9)
        {
            if ((line[(int)(bits >> 6) & (WordsPerLine - 1)] & (1UL << (int)(bits & 63))) == 0)
                return false;
        }

        return true;
    }

    /// <summary>Nine bits for each probe, of a hash of the hash: the hash itself has chosen the line.</summary>
    private static ulong ProbesOf(ulong hash) => (hash * 0x9E3779B97F4A7C15UL) ^ (hash >> 29);

    private Span<ulong> Line(ulong hash) =>
        _words.AsSpan((int)(((hash >> 32) * _lineCount) >> 32) * WordsPerLine, WordsPerLine);
}
