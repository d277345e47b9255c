using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Storage.Overlays;

// SORTED RUN, a scratch file: it never outlives the process, so it has no header and no checksum.
//   Blocks of about BlockLength bytes, and values too long for a block, one after the other as they were written.
// BLOCK, little-endian
//    records, ascending by key: u32 key length × 2, + 1 where the value is long; the key; then
//       the value, up to the next record,
//       or of a long one: i64 where in the file it lies, i32 its length
//    u32 × count   where each record begins
//    u32           count
// In memory a run has where its blocks begin, a key between each two of them, and a filter of all its keys.

/// <summary>
/// Records in the order of their keys that left an overlay's memory. Never changed; its file goes with the last who holds it. The
/// maker holds it from the start.
/// </summary>
internal sealed class SortedRun
{
    /// <summary>Bytes of a block, about.</summary>
    public const int BlockLength = 16 << 10;

    /// <summary>Longer values lie outside of blocks, so that a cursor over several runs has one of them in memory.</summary>
    public const int ShortValueLengthMax = 8 << 10;

    private readonly ScratchFile _file;
    private readonly RunBlockPlace[] _blocks;
    private readonly byte[] _separators;
    private readonly KeyFilter _filter;
    private int _holderCount = 1;

    /// <summary>Takes over what <see cref="RunWriter"/> wrote.</summary>
    internal SortedRun(ScratchFile file, RunBlockPlace[] blocks, byte[] separators, KeyFilter filter, long count, int level)
    {
        _file = file;
        _blocks = blocks;
        _separators = separators;
        _filter = filter;
        Count = count;
        Level = level;
    }

    /// <summary>Number of records.</summary>
    public long Count { get; }

    /// <summary>How often its records were merged.</summary>
    public int Level { get; }

    /// <summary>When it came into its overlay, by the count of <see cref="RunLifetimes"/>.</summary>
    public long MadeAt { get; init; }

    /// <summary>When a merged run took its place.</summary>
    public long ReplacedAt { get; set; }

    /// <summary>Number of blocks.</summary>
    public int BlockCount => _blocks.Length;

    /// <summary>The hash that <see cref="TryGet"/> asks for.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.Of(0, key);

    /// <summary>One more needs the run.</summary>
    public void Hold() => Interlocked.Increment(ref _holderCount);

    /// <summary>One fewer needs it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holderCount) == 0)
            _file.Dispose();
    }

    /// <summary>Finds a key; the value is valid until the block is used again.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, ulong hash, RunBlock block, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!_filter.MayHave(hash) || FindBlock(key) is var index && index < 0)
            return false;
        block.Load(this, index);
        int position = block.LowerBound(key, out bool isEqual);
        if (isEqual)
            value = block.ValueAt(position);
        return isEqual;
    }

    /// <summary>The block that a key is in if it is anywhere: the last that begins at or before it, or -1.</summary>
    public int FindBlock(ReadOnlySpan<byte> key)
    {
        int low = 0, high = _blocks.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            RunBlockPlace place = _blocks[middle];
            if (_separators.AsSpan(place.SeparatorStart, place.SeparatorLength).SequenceCompareTo(key) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>Bytes of a block.</summary>
    public int LengthOf(int block) => _blocks[block].Length;

    /// <summary>Reads a block of <see cref="LengthOf"/> bytes.</summary>
    public void ReadBlock(int block, Span<byte> target) => _file.Read(_blocks[block].Offset, target);

    /// <summary>Reads a long value.</summary>
    public void ReadValue(long offset, Span<byte> target) => _file.Read(offset, target);
}
