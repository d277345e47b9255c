using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PDB.Primitives.Hashing;

/// <summary>
/// The BLAKE3 hash function, in one call: hash, keyed hash and key derivation. Outputs may have any length; a shorter
/// one is a prefix of a longer one. Allocates nothing.
/// </summary>
public static class Blake3
{
    /// <summary>Bytes in the key of a keyed hash.</summary>
    public const int KeyLength = 32;

    /// <summary>The fastest path of this processor.</summary>
    internal static Blake3Path FastestPath =>
        Avx2.IsSupported ? Blake3Path.Vector256
        : Vector128.IsHardwareAccelerated ? Blake3Path.Vector128
        : Blake3Path.Scalar;

    /// <summary>The hash of <paramref name="input"/>.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> input)
    {
        if (input.Length <= Blake3Compression.BlockLength)
            return HashBlock(input);
        Fold(out Blake3Node root, FastestPath, Blake3Compression.Initial, 0, input);
        return root.RootHash();
    }

    /// <summary>Fills <paramref name="output"/> with the hash of <paramref name="input"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> input, Span<byte> output) =>
        Hash(FastestPath, Blake3Compression.Initial, 0, input, output);

    /// <summary>The hash of <paramref name="input"/> under a secret key of 32 bytes: a MAC.</summary>
    public static Hash256 HashKeyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        Fold(out Blake3Node root, FastestPath, ReadKey(key), Blake3Compression.FlagKeyed, input);
        return root.RootHash();
    }

    /// <summary>Fills <paramref name="output"/> with the hash of <paramref name="input"/> under a key of 32 bytes.</summary>
    public static void HashKeyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, Span<byte> output) =>
        Hash(FastestPath, ReadKey(key), Blake3Compression.FlagKeyed, input, output);

    /// <summary>
    /// Fills <paramref name="output"/> with key material derived from <paramref name="keyMaterial"/> for the one purpose
    /// that <paramref name="context"/> names: a constant UTF-8 text, unique in the world, never made from input.
    /// </summary>
    public static void DeriveKey(ReadOnlySpan<byte> context, ReadOnlySpan<byte> keyMaterial, Span<byte> output) =>
        Hash(FastestPath, ContextKey(FastestPath, context), Blake3Compression.FlagDeriveKeyMaterial, keyMaterial, output);

    internal static void Hash(
        Blake3Path path, in ChainingValue key, uint flags, ReadOnlySpan<byte> input, Span<byte> output)
    {
        Fold(out Blake3Node root, path, key, flags, input);
        root.WriteRoot(output);
    }

    internal static ChainingValue ReadKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength)
            throw new ArgumentException("A key has 32 bytes.", nameof(key));
        return ChainingValue.Read(key);
    }

    internal static ChainingValue ContextKey(Blake3Path path, ReadOnlySpan<byte> context)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        Hash(path, Blake3Compression.Initial, Blake3Compression.FlagDeriveKeyContext, context, key);
        return ChainingValue.Read(key);
    }

    /// <summary>The hash of at most one block: ids and tree nodes are that short, so they skip the tree.</summary>
    private static Hash256 HashBlock(scoped ReadOnlySpan<byte> input)
    {
        const uint flags =
            Blake3Compression.FlagChunkStart | Blake3Compression.FlagChunkEnd | Blake3Compression.FlagRoot;
        uint length = (uint)input.Length;
        Blake3Block block = default;
        if (length < Blake3Compression.BlockLength)
        {
            input.CopyTo(block);
            input = block;
        }

        ChainingValue value = Blake3Compression.Compress(
            FastestPath, Blake3Compression.Initial, input, 0, length, flags);
        return value.ToHash();
    }

    [SkipLocalsInit]
    private static void Fold(
        out Blake3Node root, Blake3Path path, in ChainingValue key, uint flags, ReadOnlySpan<byte> input)
    {
        if (input.Length <= Blake3Tree.InputLengthMax)
            Blake3Tree.FoldTail(out root, path, key, flags, 0, input);
        else
            FoldLong(out root, path, key, flags, input);
    }

    [SkipLocalsInit]
    private static void FoldLong(
        out Blake3Node root, Blake3Path path, in ChainingValue key, uint flags, ReadOnlySpan<byte> input)
    {
        var stack = new Blake3Stack(stackalloc ChainingValue[Blake3Stack.DepthMax]);
        while (input.Length > Blake3Tree.InputLengthMax)
        {
            ChainingValue subtree = Blake3Tree.FoldSubtree(
                path, key, flags, stack.ChunkCount, input[..Blake3Tree.InputLengthMax]);
            stack.Push(path, key, flags, subtree, Blake3Tree.ChunkCountMax);
            input = input[Blake3Tree.InputLengthMax..];
        }

        Blake3Tree.FoldTail(out root, path, key, flags, stack.ChunkCount, input);
        stack.FoldInto(ref root, key, flags);
    }
}
