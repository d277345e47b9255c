// YAMUX FRAME HEADER v0 (yamux specification), big-endian, 12 bytes:
//    0  u8   version (0)
//    1  u8   type: 0 data, 1 window update, 2 ping, 3 go away
//    2  u16  flags: 1 SYN, 2 ACK, 4 FIN, 8 RST
//    4  u32  stream id; 0 for ping and go away, odd from the dialling side, even from the listening side
//    8  u32  length: bytes of data that follow, window delta, ping value, or reason
// Golden bytes: tests/P2PDB.Network.Tests/Muxers.
using System.Buffers.Binary;

namespace P2PDB.Network.Muxers;

/// <summary>One frame's header.</summary>
internal readonly record struct YamuxFrame(YamuxType Type, YamuxFlags Flags, uint StreamId, uint Length)
{
    /// <summary>Bytes of an encoded header.</summary>
    public const int HeaderLength = 12;

    /// <summary>Decodes a header of exactly <see cref="HeaderLength"/> bytes; false for one that no peer may send.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> header, out YamuxFrame frame)
    {
        frame = new YamuxFrame((YamuxType)header[1], (YamuxFlags)BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[4..]), BinaryPrimitives.ReadUInt32BigEndian(header[8..]));
        bool isForStream = frame.Type <= YamuxType.WindowUpdate;
        return header[0] == 0 && frame.Type <= YamuxType.GoAway && frame.Flags <= YamuxFlags.All
            && isForStream == (frame.StreamId != 0);
    }

    /// <summary>Encodes the header into the first <see cref="HeaderLength"/> bytes.</summary>
    public void Encode(Span<byte> target)
    {
        target[0] = 0;
        target[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], StreamId);
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], Length);
    }
}

/// <summary>Frame types.</summary>
internal enum YamuxType : byte
{
    Data = 0,
    WindowUpdate = 1,
    Ping = 2,
    GoAway = 3,
}

/// <summary>Frame flags.</summary>
[Flags]
internal enum YamuxFlags : ushort
{
    None = 0,
    Syn = 1,
    Ack = 2,
    Fin = 4,
    Rst = 8,
    All = Syn | Ack | Fin | Rst,
}
