// COMPRESSED PACKET, either way, little-endian. Golden bytes: tests/P2PDB.Server.Tests/Transport. Spec: docs/protocols/mysql.md
//    0  u24  length of what follows the header
//    3  u8   number, counting on from the other side's last one
//    4  u24  length before compression; 0: what follows is as it is
//    7       a piece of the stream of packets, in zlib's format
using System.Buffers;
using System.IO.Compression;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Transport;

/// <summary>
/// Packs what is sent and unpacks what is received. A received packet is unpacked as far as the reader takes bytes, so that a small one
/// that stands for many bytes makes nothing large of itself.
/// </summary>
/// <param name="below">What carries the packets; stays the caller's.</param>
/// <param name="received">Bytes that were received before it was known that they belong here.</param>
internal sealed class CompressedWire(Wire below, byte[] received) : Wire
{
    private const int HeaderLength = 7;

    /// <summary>Fewer bytes than that are sent as they are; the same as MySQL's.</summary>
    private const int PackedLengthMin = 50;

    private readonly MemoryStream _packed = new();
    private byte[] _buffer = received;
    private int _start;
    private int _end = received.Length;
    private bool _isRented;
    private ZLibStream? _unpacking;
    private int _left;
    private byte _sequence;

    public override WireStatus Receive(Span<byte> target, out int count)
    {
        count = 0;
        while (true)
        {
            if (_left > 0)
                return TakePiece(target, out count);
            if (!TryOpenPacket(out bool isSound))
            {
                if (!isSound)
                    return WireStatus.Closed;
                WireStatus status = below.Receive(GetSpace(), out int arrived);
                if (status != WireStatus.Received)
                    return status;
                _end += arrived;
            }
        }
    }

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, PacketLimits.FramePayloadLengthMax);
            if (!SendPacket(bytes[..length]))
                return false;
            bytes = bytes[length..];
        }

        return true;
    }

    /// <summary>Gives large buffers back.</summary>
    /// <param name="keepWarm">Only what a long packet took.</param>
    public void Trim(bool keepWarm)
    {
        _packed.SetLength(0);
        if (!keepWarm || _packed.Capacity > PacketLimits.WarmBufferLength)
            _packed.Capacity = 0;
        if (!keepWarm && _start == _end && _left == 0)
            ReturnBuffer();
    }

    public override void StopReceiving() => below.StopReceiving();

    public override void StopSending() => below.StopSending();

    public override void Abort() => below.Abort();

    public override void Dispose()
    {
        _unpacking?.Dispose();
        _packed.Dispose();
        ReturnBuffer();
    }

    /// <summary>Begins the next packet if all of it has arrived. Unsound is one that says it holds nothing, packed.</summary>
    private bool TryOpenPacket(out bool isSound)
    {
        isSound = true;
        ReadOnlySpan<byte> arrived = _buffer.AsSpan(_start, _end - _start);
        if (arrived.Length < HeaderLength)
            return false;
        int length = arrived[0] | arrived[1] << 8 | arrived[2] << 16;
        int unpackedLength = arrived[4] | arrived[5] << 8 | arrived[6] << 16;
        if (arrived.Length - HeaderLength < length)
            return false;

        _sequence = (byte)(arrived[3] + 1);
        _start += HeaderLength;
        _left = unpackedLength == 0 ? length : unpackedLength;
        isSound = _left == 0 || length > 0;
        if (isSound && unpackedLength > 0)
        {
            _unpacking = new ZLibStream(new MemoryStream(_buffer, _start, length, writable: false), CompressionMode.Decompress);
            _start += length;
        }

        return isSound;
    }

    private WireStatus TakePiece(Span<byte> target, out int count)
    {
        target = target[..Math.Min(target.Length, _left)];
        if (_unpacking is null)
        {
            count = target.Length;
            _buffer.AsSpan(_start, count).CopyTo(target);
            _start += count;
        }
        else
        {
            try
            {
                count = _unpacking.Read(target);
            }
            catch (InvalidDataException)
            {
                count = 0;
            }
        }

        _left -= count;
        if (_left == 0 || count == 0)
        {
            _unpacking?.Dispose();
            _unpacking = null;
        }

        return count > 0 ? WireStatus.Received : WireStatus.Closed;   // it held less than it said, or no zlib
    }

    private bool SendPacket(ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        _packed.SetLength(0);
        _packed.Write(header);
        bool isPacked = bytes.Length >= PackedLengthMin;
        if (isPacked)
        {
            using (var packing = new ZLibStream(_packed, CompressionLevel.Fastest, leaveOpen: true))
                packing.Write(bytes);
            isPacked = _packed.Length - HeaderLength < bytes.Length;
        }

        if (!isPacked)
        {
            _packed.SetLength(HeaderLength);
            _packed.Position = HeaderLength;
            _packed.Write(bytes);
        }

        Span<byte> packet = _packed.GetBuffer().AsSpan(0, (int)_packed.Length);
        PutUInt24(packet, packet.Length - HeaderLength);
        packet[3] = _sequence++;
        PutUInt24(packet[4..], isPacked ? bytes.Length : 0);
        return below.Send(packet);
    }

    private static void PutUInt24(Span<byte> target, int value)
    {
        target[0] = (byte)value;
        target[1] = (byte)(value >> 8);
        target[2] = (byte)(value >> 16);
    }

    /// <summary>Room for received bytes. The buffer grows with what has arrived, never with what a header announces.</summary>
    private Span<byte> GetSpace()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end < _buffer.Length)
            return _buffer.AsSpan(_end);

        int held = _end - _start;
        byte[] next = held > _buffer.Length / 2 || !_isRented
            ? ArrayPool<byte>.Shared.Rent(Math.Max(2 * held, PacketLimits.WarmBufferLength)) : _buffer;
        Buffer.BlockCopy(_buffer, _start, next, 0, held);
        if (next != _buffer)
        {
            ReturnBuffer();
            _buffer = next;
            _isRented = true;
        }

        _start = 0;
        _end = held;
        return _buffer.AsSpan(_end);
    }

    private void ReturnBuffer()
    {
        if (_isRented)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
        _isRented = false;
    }
}
