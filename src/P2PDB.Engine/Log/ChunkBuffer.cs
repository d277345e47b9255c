using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// Puts payloads together that were too long for one part: the chunks before an operation belong in front of its own payload.
/// Feed it every operation of a transaction in order.
/// </summary>
internal sealed class ChunkBuffer : IDisposable
{
    private readonly ByteWriter _bytes = new(16);
    private bool _wasJoined;

    /// <summary>True when chunks wait for their operation; at the end of a transaction this makes it void.</summary>
    public bool IsPending => _bytes.Length > 0 && !_wasJoined;

    /// <summary>
    /// The whole payload of an operation, valid until the next call; false for a chunk, which is kept.
    /// </summary>
    public bool TryJoin(in OpReader op, out ReadOnlySpan<byte> payload)
    {
        if (_wasJoined)
            Clear();
        payload = op.Payload;
        if (op.Kind == OpKind.Chunk)
        {
            _bytes.Write(op.Payload);
            return false;
        }

        if (!op.IsChunked)
            return true;
        _bytes.Write(op.Payload);
        payload = _bytes.Written;
        _wasJoined = true;
        return true;
    }

    /// <summary>Forgets what is kept: a transaction begins.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _wasJoined = false;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _bytes.Dispose();
}
