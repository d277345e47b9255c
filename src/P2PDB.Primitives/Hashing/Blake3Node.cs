using System.Runtime.InteropServices;

namespace P2PDB.Primitives.Hashing;

/// <summary>
/// The last compression of a chunk or of a parent, not done yet: whether the node is the root, and how much output is
/// wanted, shows only afterwards.
/// </summary>
internal struct Blake3Node
{
    public ChainingValue Input;
    public Blake3Block Block;
    public ulong Counter;
    public uint BlockLength;
    public uint Flags;
    public Blake3Path Path;

    /// <summary>The parent of two nodes.</summary>
    public static void SetParent(
        out Blake3Node node, Blake3Path path, in ChainingValue key, uint flags, in ChainingValue left,
        in ChainingValue right)
    {
        node = default;
        node.Path = path;
        node.Input = key;
        Span<ChainingValue> children = MemoryMarshal.Cast<byte, ChainingValue>((Span<byte>)node.Block);
        children[0] = left;
        children[1] = right;
        node.BlockLength = Blake3Compression.BlockLength;
        node.Flags = flags | Blake3Compression.FlagParent;
    }

    /// <summary>The chunk number <paramref name="counter"/>, of at most 1,024 bytes, all but its last block folded.</summary>
    public static void SetChunk(
        out Blake3Node node, Blake3Path path, in ChainingValue key, uint flags, ulong counter, ReadOnlySpan<byte> chunk)
    {
        const int blockLength = Blake3Compression.BlockLength;
        ChainingValue value = key;
        uint start = Blake3Compression.FlagChunkStart;
        while (chunk.Length > blockLength)
        {
            value = Blake3Compression.Compress(path, value, chunk[..blockLength], counter, blockLength, flags | start);
            start = 0;
            chunk = chunk[blockLength..];
        }

        node = default;
        node.Path = path;
        node.Input = value;
        chunk.CopyTo(node.Block);
        node.Counter = counter;
        node.BlockLength = (uint)chunk.Length;
        node.Flags = flags | start | Blake3Compression.FlagChunkEnd;
    }

    /// <summary>The node's value as somebody's child.</summary>
    public readonly ChainingValue ChainingValue() =>
        Blake3Compression.Compress(Path, Input, Block, Counter, BlockLength, Flags);

    /// <summary>The node's output as the root: as many bytes as asked for, each prefix independent of the length.</summary>
    public readonly void WriteRoot(Span<byte> output)
    {
        uint flags = Flags | Blake3Compression.FlagRoot;
        Span<byte> block = stackalloc byte[Blake3Compression.BlockLength];
        for (ulong counter = 0; output.Length > 0; counter++)
        {
            Blake3Compression.CompressWide(Path, Input, Block, counter, BlockLength, flags, block);
            int length = Math.Min(output.Length, block.Length);
            block[..length].CopyTo(output);
            output = output[length..];
        }
    }

    /// <summary>The first 32 bytes of the node's output as the root.</summary>
    public readonly Hash256 RootHash()
    {
        uint flags = Flags | Blake3Compression.FlagRoot;
        ChainingValue value = Blake3Compression.Compress(Path, Input, Block, 0, BlockLength, flags);
        return value.ToHash();
    }
}
