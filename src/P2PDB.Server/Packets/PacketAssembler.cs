// MYSQL PACKET FRAME, little-endian. Golden bytes: tests/P2PDB.Server.Tests/Packets. Spec: docs/protocols/mysql.md
//    0  u24  payload length; 0xFFFFFF: the payload goes on in the next frame (which may be empty)
//    3  u8   sequence number, counting from 0 in each command and wrapping
//    4       payload
using System.Buffers;
using System.Buffers.Binary;

namespace P2PDB.Server.Packets;

/// <summary>
/// Cuts a client's byte stream into packets. Received bytes go into one buffer that grows with what has arrived, never
/// with what a header announces; frames of one packet are moved together in place.
/// </summary>
/// <remarks>
/// INVARIANT: 0 ≤ _start ≤ _start + _joined ≤ _scan ≤ _end ≤ buffer length; the payload joined so far lies at _start, the
/// next frame's header at _scan.
/// </remarks>
internal sealed class PacketAssembler : IDisposable
{
    private byte[] _buffer = [];
    private int _start;
    private int _joined;
    private int _scan;
    private int _end;

    /// <summary>Longest payload that is taken; at most <see cref="PacketLimits.PayloadLengthMax"/>.</summary>
    public int PayloadLengthMax { get; set; } = PacketLimits.HandshakePayloadLengthMax;

    /// <summary>Sequence number that the next frame must have.</summary>
    public byte Sequence { get; set; }

    /// <summary>True when no byte is waiting that belongs to a later packet.</summary>
    public bool IsEmpty => _scan == _end && _joined == 0;

    /// <summary>What has arrived beyond the packet taken last; borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_scan, _end - _scan);

    /// <summary>Room for received bytes: at least one, and some kilobytes where it is cheap.</summary>
    public Span<byte> GetSpace()
    {
        if (IsEmpty)
            _start = _scan = _end = 0;
        if (_end == _buffer.Length)
            MakeRoom();
        return _buffer.AsSpan(_end);
    }

    /// <summary>Says how many bytes were put into the span of <see cref="GetSpace"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>
    /// Takes the next packet. The payload is borrowed until <see cref="GetSpace"/> or the next call. After
    /// <see cref="PacketStatus.OutOfOrder"/> or <see cref="PacketStatus.TooLarge"/> the stream is lost.
    /// </summary>
    public PacketStatus TryTake(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        while (true)
        {
            int available = _end - _scan;
            if (available < PacketLimits.HeaderLength)
                return PacketStatus.Incomplete;

            uint header = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_scan));
            int length = (int)(header & PacketLimits.FramePayloadLengthMax);
            if ((byte)(header >> 24) != Sequence)
                return PacketStatus.OutOfOrder;
            if (length > PayloadLengthMax - _joined)
                return PacketStatus.TooLarge;
            if (available - PacketLimits.HeaderLength < length)
                return PacketStatus.Incomplete;

            Join(length);
            Sequence++;
            if (length == PacketLimits.FramePayloadLengthMax)
                continue;

            payload = _buffer.AsSpan(_start, _joined);
            _start = _scan;
            _joined = 0;
            return PacketStatus.Complete;
        }
    }

    /// <summary>Goes on in a new buffer; the old one, rented and with the payload taken last, is the caller's. Between packets only.</summary>
    public byte[] LeaveBuffer()
    {
        byte[] left = _buffer;
        int rest = _end - _scan;
        byte[] next = ArrayPool<byte>.Shared.Rent(Math.Max(rest, PacketLimits.WarmBufferLength));
        Buffer.BlockCopy(_buffer, _scan, next, 0, rest);
        _buffer = next;
        _start = _scan = 0;
        _end = rest;
        return left;
    }

    /// <summary>Gives an oversized buffer back, and any buffer when nothing waits in it.</summary>
    public void Trim(bool keepWarm)
    {
        if (!IsEmpty || (keepWarm && _buffer.Length <= PacketLimits.WarmBufferLength))
            return;

        Dispose();
    }

    /// <summary>Gives the buffer back; the assembler is empty and usable afterwards.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _joined = _scan = _end = 0;
    }

    private void Join(int length)
    {
        int source = _scan + PacketLimits.HeaderLength;
        if (_joined == 0)
            _start = source;
        else
            Buffer.BlockCopy(_buffer, source, _buffer, _start + _joined, length);
        _joined += length;
        _scan = source + length;
    }

    private void MakeRoom()
    {
        int gap = _scan - (_start + _joined);
        int held = _end - _start - gap;
        if (held <= _buffer.Length / 2 && _buffer.Length > 0)
        {
            // Most of the buffer is behind us: close the gaps instead of growing.
            MoveTo(_buffer);
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, PacketLimits.WarmBufferLength));
        byte[] old = _buffer;
        MoveTo(larger);
        _buffer = larger;
        if (old.Length > 0)
            ArrayPool<byte>.Shared.Return(old);
    }

    private void MoveTo(byte[] target)
    {
        int rest = _end - _scan;
        Buffer.BlockCopy(_buffer, _start, target, 0, _joined);
        Buffer.BlockCopy(_buffer, _scan, target, _joined, rest);
        _start = 0;
        _scan = _joined;
        _end = _joined + rest;
    }
}
