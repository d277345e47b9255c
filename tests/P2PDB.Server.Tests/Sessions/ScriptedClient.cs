using System.Text;
using P2PDB.Engine;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>A client on a wire in memory: the server's side runs on the caller's thread.</summary>
internal sealed class ScriptedClient : IDisposable
{
    private const Capabilities Base = Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuthentication;

    private readonly ScriptedWire _wire = new();
    private readonly ClientConnection _connection;
    private byte _sequence;

    public ScriptedClient(ServerState server, bool isLoopback)
    {
        _connection = new ClientConnection(_wire, server, 1, isLoopback ? "localhost" : "10.0.0.1", isLoopback);
        _wire.Give([]);
        LastOutcome = _connection.Serve();
        byte[] greeting = _wire.Packets()[0];
        int nonce = 1 + greeting.AsSpan(1).IndexOf((byte)0) + 1 + 4;
        Nonce = [.. greeting.AsSpan(nonce, 8), .. greeting.AsSpan(nonce + 27, 12)];
    }

    public byte[] Nonce { get; }

    public ServeOutcome LastOutcome { get; private set; }

    public List<byte[]> Answers { get; private set; } = [];

    /// <summary>All bytes of the last answer.</summary>
    public ReadOnlySpan<byte> LastSent => _wire.Sent;

    public byte[] LogIn(string user, byte[] proof, string plugin = Account.CachingSha2Plugin, string database = "",
        Capabilities more = Capabilities.None)
    {
        Capabilities capabilities = Base | more | (database.Length > 0 ? Capabilities.ConnectWithDatabase : 0);
        using var writer = new PacketWriter();
        writer.Begin();
        writer.WriteUInt32((uint)capabilities);
        writer.WriteUInt32(1 << 24);
        writer.WriteByte(255);
        writer.WriteZeros(23);
        writer.WriteNullTerminated(Encoding.UTF8.GetBytes(user));
        writer.WriteByte((byte)proof.Length);
        writer.WriteBytes(proof);
        if (database.Length > 0)
            writer.WriteNullTerminated(Encoding.UTF8.GetBytes(database));
        writer.WriteNullTerminated(Encoding.UTF8.GetBytes(plugin));
        writer.End();
        _sequence = 1;
        return Send(writer.Written[PacketLimits.HeaderLength..]);
    }

    /// <summary>Runs a statement; the last row's values between bars, or what came in place of rows.</summary>
    public string Query(string sql)
    {
        byte[] last = Command([0x03, .. Encoding.UTF8.GetBytes(sql)]);
        Assert.False(last[0] == 0xFF, Encoding.UTF8.GetString(last));
        if (Answers.Count == 1)
            return "";
        List<string> values = [];
        for (ReadOnlySpan<byte> rest = Answers[^2]; !rest.IsEmpty;)
        {
            bool isNull = rest[0] == 0xFB;
            int length = isNull ? 0 : rest[0];
            values.Add(isNull ? "NULL" : Encoding.UTF8.GetString(rest.Slice(1, length)));
            rest = rest[(1 + length)..];
        }

        return string.Join('|', values);
    }

    public byte[] Command(byte[] payload)
    {
        _sequence = 0;
        return Send(payload);
    }

    public byte[] Send(ReadOnlySpan<byte> payload)
    {
        Exchange([(byte)payload.Length, (byte)(payload.Length >> 8), 0, _sequence, .. payload]);
        Answers = _wire.Packets();
        _sequence += (byte)(1 + Answers.Count);
        return Answers[^1];
    }

    public void Exchange(byte[] packet)
    {
        _wire.Give(packet);
        LastOutcome = _connection.Serve();
    }

    public void Dispose() => _connection.Dispose();
}
