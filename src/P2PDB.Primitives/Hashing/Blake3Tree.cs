using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace P2PDB.Primitives.Hashing;

// BLAKE3's tree (specification, 2.1 and 5.1): each parent's left subtree is the largest full power of two of chunks that
// leaves something for the right one. Pairing neighbours level by level, an odd last one passing up unpaired, gives
// exactly that tree, and whole levels can be hashed side by side. Longer inputs are folded into full subtrees of 64
// chunks, of which a stack keeps one for each set bit of the number of chunks so far, as in binary counting.
//
// INVARIANT: a subtree is folded only when more input follows it, because the root is compressed with a flag of its own.

/// <summary>Folds many chunks into one node.</summary>
internal static class Blake3Tree
{
    /// <summary>Chunks folded at once: enough for two full levels of eight parents, and 2 KiB of stack.</summary>
    public const int ChunkCountMax = 64;

    /// <summary>Chunks × 1,024.</summary>
    public const int InputLengthMax = ChunkCountMax * Blake3Compression.ChunkLength;

    /// <summary>
    /// Folds an input's last bytes, or all of them, at most <see cref="InputLengthMax"/>, into a node that may become
    /// the root. <paramref name="counter"/> is the number of chunks before.
    /// </summary>
    [SkipLocalsInit]
    public static void FoldTail(
        out Blake3Node node, Blake3Path path, in ChainingValue key, uint flags, ulong counter, ReadOnlySpan<byte> input)
    {
        if (input.Length <= Blake3Compression.ChunkLength)
        {
            Blake3Node.SetChunk(out node, path, key, flags, counter, input);
            return;
        }

        Span<ChainingValue> values = stackalloc ChainingValue[ChunkCountMax];
        int count = FoldLevels(values, 2, path, key, flags, counter, input);
        System.Diagnostics.Debug.Assert(count == 2);
        Blake3Node.SetParent(out node, path, key, flags, values[0], values[1]);
    }

    /// <summary>Folds a full subtree (a power of two of chunks up to 64) that is not the root.</summary>
    [SkipLocalsInit]
    public static ChainingValue FoldSubtree(
        Blake3Path path, in ChainingValue key, uint flags, ulong counter, ReadOnlySpan<byte> input)
    {
        Span<ChainingValue> values = stackalloc ChainingValue[ChunkCountMax];
        FoldLevels(values, 1, path, key, flags, counter, input);
        return values[0];
    }

    private static int FoldLevels(
        Span<ChainingValue> values, int countWanted, Blake3Path path, in ChainingValue key, uint flags, ulong counter,
        ReadOnlySpan<byte> input)
    {
        int count = input.Length / Blake3Compression.ChunkLength;
        int fullLength = count * Blake3Compression.ChunkLength;
        FoldChunks(values, count, path, key, flags, counter, input[..fullLength]);
        if (fullLength < input.Length)
        {
            Blake3Node.SetChunk(out Blake3Node last, path, key, flags, counter + (ulong)count, input[fullLength..]);
            values[count++] = last.ChainingValue();
        }

        while (count > countWanted)
            count = FoldParents(values[..count], path, key, flags);
        return count;
    }

    private static void FoldChunks(
        Span<ChainingValue> values, int count, Blake3Path path, in ChainingValue key, uint flags, ulong counter,
        ReadOnlySpan<byte> input)
    {
        int done = 0;
        if (path == Blake3Path.Vector256)
        {
            while (count - done >= Blake3Wide.LaneCountMin)
            {
                int lanes = Math.Min(count - done, Blake3Wide.LaneCount);
                Blake3Wide.Fold(
                    values.Slice(done, lanes), input[(done * Blake3Compression.ChunkLength)..],
                    Blake3Compression.ChunkLength, key, counter + (ulong)done, 1, flags,
                    Blake3Compression.FlagChunkStart, Blake3Compression.FlagChunkEnd);
                done += lanes;
            }
        }

        for (; done < count; done++)
        {
            ReadOnlySpan<byte> chunk = input.Slice(done * Blake3Compression.ChunkLength, Blake3Compression.ChunkLength);
            Blake3Node.SetChunk(out Blake3Node node, path, key, flags, counter + (ulong)done, chunk);
            values[done] = node.ChainingValue();
        }
    }

    /// <summary>Replaces a level by the one above it; returns that one's count.</summary>
    private static int FoldParents(Span<ChainingValue> values, Blake3Path path, in ChainingValue key, uint flags)
    {
        const int blockLength = Blake3Compression.BlockLength;
        int parentCount = values.Length / 2;
        ReadOnlySpan<byte> blocks = MemoryMarshal.AsBytes(values);
        uint parentFlags = flags | Blake3Compression.FlagParent;
        int done = 0;
        if (path == Blake3Path.Vector256)
        {
            // Parents are written over children that were read: parent i lies where child i did, in the same or an
            // earlier batch.
            while (parentCount - done >= Blake3Wide.LaneCountMin)
            {
                int lanes = Math.Min(parentCount - done, Blake3Wide.LaneCount);
                Blake3Wide.Fold(
                    values.Slice(done, lanes), blocks[(done * blockLength)..], blockLength, key, 0, 0, parentFlags, 0, 0);
                done += lanes;
            }
        }

        for (; done < parentCount; done++)
        {
            values[done] = Blake3Compression.Compress(
                path, key, blocks.Slice(done * blockLength, blockLength), 0, blockLength, parentFlags);
        }

        if (values.Length % 2 != 0)
            values[parentCount++] = values[^1];
        return parentCount;
    }
}
