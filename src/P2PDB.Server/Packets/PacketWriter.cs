using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace P2PDB.Server.Packets;

/// <summary>
/// Writes packets one after the other into one pooled buffer, which is sent at once. Sequence numbers count on from
/// <see cref="Sequence"/>. A payload of 16 MiB or more is split into frames when it ends.
/// </summary>
internal sealed class PacketWriter : IDisposable
{
    private const int NoPacket = -1;

    private byte[] _buffer = [];
    private int _length;
    private int _packetStart = NoPacket;

    /// <summary>Sequence number of the next frame.</summary>
    public byte Sequence { get; set; }

    /// <summary>Bytes of ended packets that wait to be sent; borrowed until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _packetStart == NoPacket ? _length : _packetStart);

    /// <summary>Bytes that wait, an open packet's included.</summary>
    public int Length => _length;

    /// <summary>Opens a packet; exactly one is open at a time.</summary>
    public void Begin()
    {
        _packetStart = _length;
        Reserve(PacketLimits.HeaderLength);
        _length += PacketLimits.HeaderLength;
    }

    /// <summary>Ends the open packet and numbers its frames.</summary>
    public void End()
    {
        int payloadLength = _length - _packetStart - PacketLimits.HeaderLength;
        if (payloadLength >= PacketLimits.FramePayloadLengthMax)
            Split(payloadLength);
        else
            WriteHeader(_packetStart, payloadLength);
        _packetStart = NoPacket;
    }

    /// <summary>Takes the open packet back, as when a value in the middle of a row cannot be written.</summary>
    public void Abandon()
    {
        if (_packetStart == NoPacket)
            return;

        _length = _packetStart;
        _packetStart = NoPacket;
    }

    /// <summary>Forgets the ended packets, after they were sent.</summary>
    public void Clear()
    {
        _length = 0;
        _packetStart = NoPacket;
    }

    /// <summary>Gives an oversized buffer back, or any.</summary>
    public void Trim(bool keepWarm)
    {
        if (_length == 0 && !(keepWarm && _buffer.Length <= 2 * PacketLimits.FlushLength))
            Dispose();
    }

    /// <summary>Gives the buffer back; the writer is empty and usable afterwards.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Clear();
    }

    /// <summary>Room for at least <paramref name="length"/> bytes at the end; <see cref="Advance"/> takes them.</summary>
    public Span<byte> GetSpan(int length)
    {
        Reserve(length);
        return _buffer.AsSpan(_length);
    }

    /// <summary>Says how many bytes of the last <see cref="GetSpan"/> were written.</summary>
    public void Advance(int length) => _length += length;

    /// <summary>Bytes already written to the open packet, to patch; <paramref name="offset"/> counts from its payload.</summary>
    public Span<byte> Patch(int offset, int length) =>
        _buffer.AsSpan(_packetStart + PacketLimits.HeaderLength + offset, length);

    /// <summary>Length of the open packet's payload so far.</summary>
    public int PayloadLength => _length - _packetStart - PacketLimits.HeaderLength;

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(GetSpan(sizeof(ushort)), value);
        _length += sizeof(ushort);
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(GetSpan(sizeof(uint)), value);
        _length += sizeof(uint);
    }

    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(GetSpan(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    public void WriteZeros(int count)
    {
        GetSpan(count)[..count].Clear();
        _length += count;
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(GetSpan(value.Length));
        _length += value.Length;
    }

    public void WriteNullTerminated(ReadOnlySpan<byte> value)
    {
        WriteBytes(value);
        WriteByte(0);
    }

    public void WriteLengthEncoded(ulong value)
    {
        Span<byte> target = GetSpan(9);
        switch (value)
        {
            case < 0xFB:
                target[0] = (byte)value;
                _length += 1;
                break;
            case <= ushort.MaxValue:
                target[0] = 0xFC;
                BinaryPrimitives.WriteUInt16LittleEndian(target[1..], (ushort)value);
                _length += 3;
                break;
            case <= 0xFF_FFFF:
                BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)value << 8 | 0xFD);
                _length += 4;
                break;
            default:
                target[0] = 0xFE;
                BinaryPrimitives.WriteUInt64LittleEndian(target[1..], value);
                _length += 9;
                break;
        }
    }

    public void WriteLengthEncodedBytes(ReadOnlySpan<byte> value)
    {
        WriteLengthEncoded((ulong)value.Length);
        WriteBytes(value);
    }

    /// <summary>Text in UTF-8 behind its length.</summary>
    public void WriteLengthEncodedText(string text)
    {
        WriteLengthEncoded((ulong)Encoding.UTF8.GetByteCount(text));
        WriteText(text);
    }

    /// <summary>Text in UTF-8 up to the end of the packet.</summary>
    public void WriteText(string text) =>
        _length += Encoding.UTF8.GetBytes(text, GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));

    private void Split(int payloadLength)
    {
        // The last frame is shorter than the maximum, so that the client knows it for the last: maybe empty.
        int extraFrames = payloadLength / PacketLimits.FramePayloadLengthMax;
        Reserve(extraFrames * PacketLimits.HeaderLength);
        int payload = _packetStart + PacketLimits.HeaderLength;
        for (int i = extraFrames; i > 0; i--)
        {
            int offset = i * PacketLimits.FramePayloadLengthMax;
            int length = Math.Min(payloadLength - offset, PacketLimits.FramePayloadLengthMax);
            Buffer.BlockCopy(_buffer, payload + offset, _buffer,
                payload + offset + i * PacketLimits.HeaderLength, length);
        }

        for (int i = 0; i <= extraFrames; i++)
        {
            int offset = i * PacketLimits.FramePayloadLengthMax;
            int length = Math.Min(payloadLength - offset, PacketLimits.FramePayloadLengthMax);
            WriteHeader(_packetStart + offset + i * PacketLimits.HeaderLength, length);
        }

        _length += extraFrames * PacketLimits.HeaderLength;
    }

    private void WriteHeader(int position, int payloadLength) =>
        BinaryPrimitives.WriteUInt32LittleEndian(
            _buffer.AsSpan(position), (uint)payloadLength | (uint)Sequence++ << 24);

    private void Reserve(int length)
    {
        if (_buffer.Length - _length < length)
            Grow(length);
    }

    private void Grow(int length)
    {
        long wanted = Math.Max((long)_length + length, Math.Min(2L * _buffer.Length, Array.MaxLength));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(wanted, PacketLimits.WarmBufferLength));
        Buffer.BlockCopy(_buffer, 0, larger, 0, _length);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
