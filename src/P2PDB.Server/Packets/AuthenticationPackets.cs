// AUTHENTICATION PACKETS, server to client.
//    switch      u8 0xFE · plugin name, zero-terminated · nonce · u8 0
//    more data   u8 0x01 · data of the plugin
namespace P2PDB.Server.Packets;

/// <summary>What the server sends between greeting and OK.</summary>
internal static class AuthenticationPackets
{
    private const byte SwitchHeader = 0xFE;
    private const byte MoreDataHeader = 0x01;

    /// <summary>Asks the client to prove itself with another plugin.</summary>
    public static void WriteSwitch(PacketWriter writer, ReadOnlySpan<byte> plugin, ReadOnlySpan<byte> nonce)
    {
        writer.Begin();
        writer.WriteByte(SwitchHeader);
        writer.WriteNullTerminated(plugin);
        writer.WriteNullTerminated(nonce);
        writer.End();
    }

    /// <summary>Hands the plugin's next message to the client.</summary>
    public static void WriteMoreData(PacketWriter writer, ReadOnlySpan<byte> data)
    {
        writer.Begin();
        writer.WriteByte(MoreDataHeader);
        writer.WriteBytes(data);
        writer.End();
    }
}
