namespace P2PDB.Primitives.Hashing;

/// <summary>
/// BLAKE3 over input that comes in parts. Reusable after <see cref="Reset"/>; allocates only when created. Not safe for
/// several threads.
/// </summary>
public sealed class Blake3Hasher
{
    private const int BufferChunkCount = 8;
    private const int BufferLength = BufferChunkCount * Blake3Compression.ChunkLength;

    private readonly Blake3Path _path;
    private readonly ChainingValue _key;
    private readonly uint _flags;
    private readonly ChainingValue[] _subtrees = new ChainingValue[Blake3Stack.DepthMax];

    // Holds input that may be the end. Eight chunks, so that small updates still fill all lanes.
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _bufferLength;
    private ulong _chunkCount;

    /// <summary>Creates a hasher without a key.</summary>
    public Blake3Hasher()
        : this(Blake3.FastestPath, Blake3Compression.Initial, 0)
    {
    }

    internal Blake3Hasher(Blake3Path path, in ChainingValue key, uint flags)
    {
        _path = path;
        _key = key;
        _flags = flags;
    }

    /// <summary>Creates a hasher under a secret key of 32 bytes: a MAC.</summary>
    public static Blake3Hasher CreateKeyed(ReadOnlySpan<byte> key) =>
        new(Blake3.FastestPath, Blake3.ReadKey(key), Blake3Compression.FlagKeyed);

    /// <summary>Creates a hasher that derives keys for the purpose that <paramref name="context"/> names.</summary>
    public static Blake3Hasher CreateDeriveKey(ReadOnlySpan<byte> context) =>
        new(Blake3.FastestPath, Blake3.ContextKey(Blake3.FastestPath, context), Blake3Compression.FlagDeriveKeyMaterial);

    /// <summary>Forgets all input; keeps the key.</summary>
    public void Reset()
    {
        _bufferLength = 0;
        _chunkCount = 0;
    }

    /// <summary>Appends <paramref name="input"/>.</summary>
    public void Update(ReadOnlySpan<byte> input)
    {
        if (input.Length > BufferLength - _bufferLength)
            input = UpdateLong(input);
        input.CopyTo(_buffer.AsSpan(_bufferLength));
        _bufferLength += input.Length;
    }

    /// <summary>Fills <paramref name="output"/> with the hash of the input so far; more input may follow.</summary>
    public void Finish(Span<byte> output)
    {
        FoldRoot(out Blake3Node root);
        root.WriteRoot(output);
    }

    /// <summary>The hash of the input so far; more input may follow.</summary>
    public Hash256 Finish()
    {
        FoldRoot(out Blake3Node root);
        return root.RootHash();
    }

    /// <summary>Folds all but the last 1 to <see cref="BufferLength"/> bytes, which it returns.</summary>
    private ReadOnlySpan<byte> UpdateLong(ReadOnlySpan<byte> input)
    {
        var stack = Blake3Stack.Resume(_subtrees, _chunkCount);
        if (_bufferLength > 0)
        {
            int missing = BufferLength - _bufferLength;
            input[..missing].CopyTo(_buffer.AsSpan(_bufferLength));
            input = input[missing..];
            Push(ref stack, _buffer, BufferChunkCount);
            _bufferLength = 0;
        }

        while (input.Length > BufferLength)
        {
            // The largest full subtree that starts here and leaves something after it.
            int count = Blake3Tree.ChunkCountMax;
            while ((stack.ChunkCount & (ulong)(count - 1)) != 0 || count * Blake3Compression.ChunkLength >= input.Length)
                count /= 2;
            int length = count * Blake3Compression.ChunkLength;
            Push(ref stack, input[..length], count);
            input = input[length..];
        }

        _chunkCount = stack.ChunkCount;
        return input;
    }

    private void Push(ref Blake3Stack stack, ReadOnlySpan<byte> input, int chunkCount)
    {
        ChainingValue subtree = Blake3Tree.FoldSubtree(_path, _key, _flags, stack.ChunkCount, input);
        stack.Push(_path, _key, _flags, subtree, chunkCount);
    }

    private void FoldRoot(out Blake3Node root)
    {
        Blake3Tree.FoldTail(out root, _path, _key, _flags, _chunkCount, _buffer.AsSpan(0, _bufferLength));
        Blake3Stack.Resume(_subtrees, _chunkCount).FoldInto(ref root, _key, _flags);
    }
}
