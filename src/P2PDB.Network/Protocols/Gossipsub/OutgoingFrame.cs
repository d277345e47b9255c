using System.Buffers;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// An RPC behind its length, as it goes out on streams. It is shared by all queues it waits in: who keeps it retains it, and the last
/// <see cref="Release"/> gives its bytes back.
/// </summary>
internal class OutgoingFrame
{
    private byte[] _array = [];
    private int _start;
    private int _end;
    private int _holderCount = 1;

    protected OutgoingFrame()
    {
    }

    /// <summary>The bytes; valid while the frame is held.</summary>
    public ReadOnlyMemory<byte> Bytes => _array.AsMemory(_start, _end - _start);

    /// <summary>Length of the bytes.</summary>
    public int Length => _end - _start;

    /// <summary>The frame of an RPC of subscriptions and the content of one control field; either may be empty.</summary>
    public static OutgoingFrame FromRpc(ReadOnlySpan<byte> subscriptions, ReadOnlySpan<byte> control)
    {
        Span<byte> header = stackalloc byte[2 * UnsignedVarint.LengthMax];
        int headerLength = 0;
        if (!control.IsEmpty)
        {
            header[0] = (3 << 3) | (byte)WireType.Bytes;
            headerLength = 1 + UnsignedVarint.Write((ulong)control.Length, header[1..]);
        }

        var frame = new OutgoingFrame();
        int length = subscriptions.Length + headerLength + control.Length;
        frame.Rent(UnsignedVarint.LengthMax + length);
        frame._end = UnsignedVarint.Write((ulong)length, frame._array);
        frame.Append(subscriptions);
        frame.Append(header[..headerLength]);
        frame.Append(control);
        return frame;
    }

    /// <summary>One more holder.</summary>
    public void Retain() => Interlocked.Increment(ref _holderCount);

    /// <summary>One holder fewer; the last one must not touch the frame again.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holderCount) > 0)
            return;

        _start = _end = 0;
        OnReleased();
    }

    /// <summary>The array behind the frame, from its first byte.</summary>
    protected byte[] Array => _array;

    /// <summary>Sees to an array that holds at least so many bytes; the frame has one holder again.</summary>
    protected void Rent(int length)
    {
        if (_array.Length < length)
        {
            ReturnArray();
            _array = ArrayPool<byte>.Shared.Rent(length);
        }

        _start = _end = 0;
        _holderCount = 1;
    }

    /// <summary>Sets which part of the array the frame is.</summary>
    protected void SetRange(int start, int end)
    {
        _start = start;
        _end = end;
    }

    /// <summary>Nobody holds the frame any more.</summary>
    protected virtual void OnReleased() => ReturnArray();

    /// <summary>Gives the array back.</summary>
    protected void ReturnArray()
    {
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_array.AsSpan(_end));
        _end += bytes.Length;
    }
}
