using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>
/// Puts the payload of an operation together whose front was written as chunks before it. Chunks may lie in earlier parts of
/// the same transaction. Reusable; used by one thread.
/// </summary>
internal sealed class ChunkAssembly : IDisposable
{
    /// <summary>Bytes of one assembled payload at most: MySQL's largest packet.</summary>
    public const int LengthMax = 1 << 30;

    private readonly ByteWriter _payload = new();
    private bool _isTaken;

    /// <summary>True where chunks wait for their operation.</summary>
    public bool IsOpen => !_isTaken && _payload.Length > 0;

    /// <summary>Forgets what was collected.</summary>
    public void Clear()
    {
        _payload.Clear();
        _isTaken = false;
    }

    /// <summary>
    /// Gives the whole payload of the current operation, valid until the next call; empty for a chunk, which is kept. False
    /// where chunks and operation do not belong together.
    /// </summary>
    public bool TryTake(in OpReader ops, out ReadOnlySpan<byte> payload)
    {
        if (_isTaken)
            Clear();
        payload = default;
        if (ops.Kind == OpKind.Chunk)
        {
            if (ops.IsChunked || ops.Payload.IsEmpty || LengthMax - _payload.Length < ops.Payload.Length)
                return false;
            _payload.Write(ops.Payload);
            return true;
        }

        if (ops.IsChunked != IsOpen)
            return false;
        payload = ops.Payload;
        if (!ops.IsChunked)
            return true;
        if (LengthMax - _payload.Length < payload.Length)
            return false;
        _payload.Write(payload);
        _isTaken = true;
        payload = _payload.Written;
        return true;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _payload.Dispose();
}
