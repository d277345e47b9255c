namespace P2PDB.Primitives.Hashing;

/// <summary>The full subtrees left of the current position, the largest first, over memory that the caller lends.</summary>
/// <param name="values">Room for <see cref="Blake3Stack.DepthMax"/> subtrees.</param>
internal ref struct Blake3Stack(Span<ChainingValue> values)
{
    /// <summary>2^64 bytes are 2^54 chunks.</summary>
    public const int DepthMax = 55;

    private readonly Span<ChainingValue> _values = values;

    /// <summary>Chunks in the stack's subtrees: one subtree for each set bit.</summary>
    public ulong ChunkCount { get; private set; }

    /// <summary>A stack whose memory holds the subtrees of <paramref name="chunkCount"/> chunks already.</summary>
    public static Blake3Stack Resume(Span<ChainingValue> values, ulong chunkCount) =>
        new(values) { ChunkCount = chunkCount };

    /// <summary>Adds the subtree of the next <paramref name="chunkCount"/> chunks, and the parents that it completes.</summary>
    public void Push(Blake3Path path, in ChainingValue key, uint flags, ChainingValue value, int chunkCount)
    {
        int depth = Depth;
        for (ulong level = (ulong)chunkCount; (ChunkCount & level) != 0; level <<= 1)
        {
            Blake3Node.SetParent(out Blake3Node parent, path, key, flags, _values[--depth], value);
            value = parent.ChainingValue();
        }

        _values[depth] = value;
        ChunkCount += (ulong)chunkCount;
    }

    /// <summary>Makes <paramref name="node"/>, the input's end, the root over all subtrees.</summary>
    public readonly void FoldInto(ref Blake3Node node, in ChainingValue key, uint flags)
    {
        Blake3Path path = node.Path;
        for (int i = Depth - 1; i >= 0; i--)
            Blake3Node.SetParent(out node, path, key, flags, _values[i], node.ChainingValue());
    }

    private readonly int Depth => System.Numerics.BitOperations.PopCount(ChunkCount);
}
