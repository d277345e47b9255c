// HANDSHAKE V10, server to client. Golden bytes: tests/P2PDB.Server.Tests/Packets. Spec: docs/protocols/mysql.md
//    u8 10 · server version, zero-terminated · u32 connection id · 8 bytes of nonce · u8 0 · u16 low capabilities
//    u8 collation · u16 status · u16 high capabilities · u8 nonce length + 1 (21) · 10 zeros
//    12 bytes of nonce · u8 0 · plugin name, zero-terminated
namespace P2PDB.Server.Packets;

/// <summary>The server's greeting.</summary>
internal static class HandshakePacket
{
    /// <summary>Length of the nonce that the client proves its password with.</summary>
    public const int NonceLength = 20;

    private const int FirstPartLength = 8;
    private const byte ProtocolVersion = 10;

    public static void Write(PacketWriter writer, uint connectionId, ReadOnlySpan<byte> nonce,
        Capabilities capabilities, byte collation, ushort status, ReadOnlySpan<byte> version, ReadOnlySpan<byte> plugin)
    {
        writer.Begin();
        writer.WriteByte(ProtocolVersion);
        writer.WriteNullTerminated(version);
        writer.WriteUInt32(connectionId);
        writer.WriteBytes(nonce[..FirstPartLength]);
        writer.WriteByte(0);
        writer.WriteUInt16((ushort)capabilities);
        writer.WriteByte(collation);
        writer.WriteUInt16(status);
        writer.WriteUInt16((ushort)((uint)capabilities >> 16));
        writer.WriteByte(NonceLength + 1);
        writer.WriteZeros(10);
        writer.WriteBytes(nonce[FirstPartLength..]);
        writer.WriteByte(0);
        writer.WriteNullTerminated(plugin);
        writer.End();
    }
}
