// SYNC FRAMING, little-endian: each frame on a stream is
//   0  u32  length of the frame, 1 to SyncNode.FrameLengthMax    4  the frame
using System.Buffers.Binary;
using P2PDB.Engine.Sync;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Host.Peering;

/// <summary>
/// Cuts a stream's bytes into frames. The length that a peer states is believed only as the bytes come: the room doubles, and is
/// never over twice what it holds.
/// </summary>
/// <param name="capacity">Bytes of room at first.</param>
internal sealed class SyncFraming(int capacity)
{
    /// <summary>Bytes before each frame.</summary>
    public const int LengthLength = sizeof(uint);

    private byte[] _bytes = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>True once the peer stated a length that no frame has; no frame follows.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Appends a frame as it goes over the stream.</summary>
    public static void Write(ReadOnlySpan<byte> frame, ByteWriter target)
    {
        target.WriteUInt32((uint)frame.Length);
        target.Write(frame);
    }

    /// <summary>Takes the next frame, valid until <see cref="Room"/>; false where it is not whole yet, or broken.</summary>
    public bool TryTake(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        ReadOnlySpan<byte> held = _bytes.AsSpan(_start, _end - _start);
        if (held.Length < LengthLength)
            return false;

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(held);
        IsBroken = length == 0 || length > (uint)SyncNode.FrameLengthMax;
        if (IsBroken || held.Length - LengthLength < (int)length)
            return false;

        frame = held.Slice(LengthLength, (int)length);
        _start += LengthLength + frame.Length;
        return true;
    }

    /// <summary>Where the next bytes of the stream go; never empty.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length)
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        return _bytes.AsMemory(_end);
    }

    /// <summary>Says that <paramref name="count"/> bytes were put into the room.</summary>
    public void Advance(int count) => _end += count;
}
