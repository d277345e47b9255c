using P2PDB.Server.Packets;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a byte that chooses handshake response or change of user, then the packet. Fields written again and read
/// again are the same fields.
/// </summary>
internal sealed class MySqlHandshakeTarget : IFuzzTarget
{
    private const Capabilities ChangeUserCapabilities = Capabilities.Protocol41 | Capabilities.SecureConnection
        | Capabilities.PluginAuthentication | Capabilities.ConnectAttributes | Capabilities.ConnectWithDatabase
        | Capabilities.LengthEncodedAuthentication;

    private static readonly PacketWriter Writer = new();

    public string Name => "mysql-handshake";

    public IReadOnlyList<string> Decoder => ["P2PDB.Server/Packets/HandshakeResponse.cs", "P2PDB.Server/Packets/PayloadReader.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        [1, (byte)'u', 0, 0],
        [1, (byte)'u', 0, 2, 1, 2, (byte)'d', 0, 255, 0, (byte)'p', 0, 4, 1, (byte)'k', 1, (byte)'v'],
        [0, .. Response(0x000A_8200, [(byte)'u', 0, 2, 1, 2, (byte)'p', 0])],
        [0, .. Response(0x003A_8208, [(byte)'u', 0, 2, 1, 2, (byte)'d', 0, (byte)'p', 0, 4, 1, (byte)'k', 1, (byte)'v'])],
        [0, .. Response(0x0000_0200, [(byte)'u', 0, (byte)'x', 0])],
        [0, .. Response(0x0000_0A00, [])],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        bool isChange = (input[0] & 1) != 0;
        HandshakeStatus status = isChange
            ? HandshakeResponse.TryParseChangeUser(input[1..], ChangeUserCapabilities, out HandshakeResponse first)
            : HandshakeResponse.TryParse(input[1..], out first);
        probe.Reached((int)status + (isChange ? 8 : 0));
        if (status != HandshakeStatus.Valid)
            return false;

        probe.Reached(16 + (first.Database.IsEmpty ? 0 : 1) + (first.Plugin.IsEmpty ? 0 : 2)
            + (first.Attributes.IsEmpty ? 0 : 4) + (first.Authentication.IsEmpty ? 0 : 8));
        if (isChange)
            return true;

        Write(first);
        status = HandshakeResponse.TryParse(Writer.Written[PacketLimits.HeaderLength..], out HandshakeResponse second);
        FuzzLaw.Require(status == HandshakeStatus.Valid, "what was written is valid");
        FuzzLaw.RequireSame(first.User, second.User, "user");
        FuzzLaw.RequireSame(first.Authentication, second.Authentication, "authentication");
        FuzzLaw.RequireSame(first.Database, second.Database, "database");
        FuzzLaw.RequireSame(first.Plugin, second.Plugin, "plugin");
        FuzzLaw.RequireSame(first.Attributes, second.Attributes, "attributes");
        FuzzLaw.Require(
            first.Capabilities == second.Capabilities && first.Collation == second.Collation, "fixed fields");
        return true;
    }

    private static void Write(in HandshakeResponse response)
    {
        Capabilities capabilities = response.Capabilities;
        Writer.Clear();
        Writer.Begin();
        Writer.WriteUInt32((uint)capabilities);
        Writer.WriteUInt32(0);
        Writer.WriteByte(response.Collation);
        Writer.WriteZeros(23);
        Writer.WriteNullTerminated(response.User);
        if ((capabilities & Capabilities.LengthEncodedAuthentication) != 0)
        {
            Writer.WriteLengthEncodedBytes(response.Authentication);
        }
        else if ((capabilities & Capabilities.SecureConnection) != 0)
        {
            Writer.WriteByte((byte)response.Authentication.Length);
            Writer.WriteBytes(response.Authentication);
        }
        else
        {
            Writer.WriteNullTerminated(response.Authentication);
        }

        if ((capabilities & Capabilities.ConnectWithDatabase) != 0)
            Writer.WriteNullTerminated(response.Database);
        if ((capabilities & Capabilities.PluginAuthentication) != 0)
            Writer.WriteNullTerminated(response.Plugin);
        if ((capabilities & Capabilities.ConnectAttributes) != 0)
            Writer.WriteLengthEncodedBytes(response.Attributes);
        Writer.End();
    }

    private static byte[] Response(uint capabilities, byte[] rest) =>
        [.. BitConverter.GetBytes(capabilities), 0, 0, 0, 1, 255, .. new byte[23], .. rest];
}
