using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>Whole logins, packet by packet, on a wire in memory.</summary>
public sealed class LoginTests : IDisposable
{
    private const Capabilities Base = Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuthentication;

    private readonly ScriptedEngine _engine = new();
    private readonly ServerState _server;

    public LoginTests()
    {
        _engine.Accounts.Add(new Account("root", "%", Account.CachingSha2Plugin, []));
        _engine.Accounts.Add(new Account("native", "%", Account.NativePlugin, [.. PasswordHash.Native("geheim"u8)]));
        _engine.Accounts.Add(new Account("sha", "%", Account.CachingSha2Plugin,
            [.. PasswordHash.CachingSha2("geheim"u8, new byte[PasswordHash.SaltLength])]));
        _engine.Accounts.Add(new Account("locked", "%", Account.NativePlugin, [], IsLocked: true));
        _server = new ServerState(_engine, new MySqlServerOptions { Random = static target => target.Fill(7) }, NullLogger.Instance);
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Root_without_a_password_gets_in_from_this_machine_only()
    {
        using Client here = Connect(isLoopback: true);
        using Client elsewhere = Connect(isLoopback: false);

        Assert.Equal(0x00, here.LogIn("root", [])[0]);
        AssertDenied(elsewhere.LogIn("root", []), "(using password: NO)");
    }

    [Fact]
    public void The_native_plugin_takes_the_right_proof_alone()
    {
        using Client right = Connect();
        using Client wrong = Connect();
        using Client none = Connect();

        Assert.Equal(0x00, right.LogIn("native", NativeProof("geheim"u8, right.Nonce), Account.NativePlugin)[0]);
        AssertDenied(wrong.LogIn("native", NativeProof("Geheim"u8, wrong.Nonce), Account.NativePlugin), "(using password: YES)");
        AssertDenied(none.LogIn("native", [], Account.NativePlugin), "(using password: NO)");
    }

    [Fact]
    public void Another_plugin_is_asked_for_with_a_nonce_of_its_own()
    {
        using Client client = Connect();

        byte[] answer = client.LogIn("native", new byte[32]);

        Assert.Equal(0xFE, answer[0]);
        Assert.StartsWith("mysql_native_password\0", Encoding.ASCII.GetString(answer, 1, answer.Length - 1), StringComparison.Ordinal);
        byte[] nonce = answer[^21..^1];
        Assert.Equal(0x00, client.Send(NativeProof("geheim"u8, nonce))[0]);
    }

    [Fact]
    public void The_full_path_proves_the_password_once_and_the_fast_path_afterwards()
    {
        using Client first = Connect();
        Assert.Equal("0104", Bytes.Hex(first.LogIn("sha", Sha2Proof("geheim"u8, first.Nonce))));
        byte[] pem = first.Send([2]);
        Assert.Equal(1, pem[0]);
        Assert.Equal(0x00, first.Send(Encrypt("geheim"u8, pem.AsSpan(1), first.Nonce))[0]);

        using Client second = Connect();
        second.LogIn("sha", Sha2Proof("geheim"u8, second.Nonce));
        Assert.Equal(["0103", "00"], second.Answers.Select(answer => Bytes.Hex(answer.AsSpan(0, Math.Min(answer.Length, answer[0] == 1 ? 2 : 1)))));

        using Client wrong = Connect();
        Assert.Equal("0104", Bytes.Hex(wrong.LogIn("sha", Sha2Proof("falsch"u8, wrong.Nonce))));
        pem = wrong.Send([2]);
        AssertDenied(wrong.Send(Encrypt("falsch"u8, pem.AsSpan(1), wrong.Nonce)), "(using password: YES)");
    }

    [Fact]
    public void Unknown_and_locked_accounts_stay_out()
    {
        using Client unknown = Connect();
        using Client locked = Connect();

        AssertDenied(unknown.LogIn("nobody", []), "Access denied for user 'nobody'@'there' (using password: NO)");
        byte[] answer = locked.LogIn("locked", []);
        Assert.Equal(3118, answer[1] | answer[2] << 8);
    }

    [Fact]
    public void A_database_that_is_not_there_refuses_the_login()
    {
        using Client client = Connect();
        byte[] answer = client.LogIn("root", [], Account.CachingSha2Plugin, "missing");

        Assert.Equal(1049, answer[1] | answer[2] << 8);
        Assert.Equal(ServeOutcome.Ended, client.LastOutcome);
    }

    [Fact]
    public void Change_user_opens_a_new_session_for_the_other_account()
    {
        using Client client = Connect();
        client.LogIn("root", []);
        byte[] proof = NativeProof("geheim"u8, client.Nonce);

        byte[] answer = client.Command([0x11, .. "native\0"u8, 20, .. proof, .. "db\0"u8, 255, 0, .. "mysql_native_password\0"u8]);

        Assert.Equal(0x00, answer[0]);
        Assert.Equal("native", _engine.Sessions[1].Opening.User);
        Assert.Equal("db", _engine.Sessions[1].CurrentDatabase);
        AssertDenied(client.Command([0x11, .. "native\0"u8, 20, .. new byte[20], 0, 255, 0, .. "mysql_native_password\0"u8]), "YES");
        Assert.Equal(ServeOutcome.Ended, client.LastOutcome);
    }

    [Fact]
    public void Found_rows_and_multi_statements_reach_the_session()
    {
        using Client client = Connect();
        client.LogIn("root", [], more: Capabilities.FoundRows | Capabilities.MultiStatements);

        Assert.True(_engine.Sessions[1].Opening.CountsFoundRows);
        Assert.True(_engine.Sessions[1].AllowsMultipleStatements);
        client.Command([0x1B, 1, 0]);
        Assert.False(_engine.Sessions[1].AllowsMultipleStatements);
        client.Command([0x1F]);
        Assert.True(_engine.Sessions[1].AllowsMultipleStatements);
        Assert.Equal(1, _engine.Sessions[1].ResetCount);
    }

    [Fact]
    public void A_tracking_client_hears_of_a_new_schema_once()
    {
        using Client client = Connect();
        client.LogIn("root", [], more: Capabilities.SessionTrack);

        Assert.Equal("000000024000000005010302" + "6162", Bytes.Hex(client.Command([0x02, .. "ab"u8])));
        Assert.Equal("00000002000000", Bytes.Hex(client.Command([0x0E])));
    }

    [Theory]
    [InlineData("0e")]
    [InlineData("0353454c4543542031")]
    public void Warm_commands_allocate_nothing_from_packet_in_to_packet_out(string hex)
    {
        using Client client = Connect();
        client.LogIn("root", []);
        byte[] payload = Bytes.Of(hex);
        byte[] packet = [(byte)payload.Length, 0, 0, 0, .. payload];
        Cycle(2_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(2_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle(int count)
        {
            // Commands one behind the other in one piece: the connection is not parked in between.
            for (int i = 0; i < count; i++)
                client.Exchange(packet);
        }
    }

    private static void AssertDenied(byte[] answer, string text)
    {
        Assert.Equal(0xFF, answer[0]);
        Assert.Equal(1045, answer[1] | answer[2] << 8);
        Assert.Contains(text, Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    private static byte[] NativeProof(ReadOnlySpan<byte> password, byte[] nonce)
    {
#pragma warning disable CA5350
        byte[] first = SHA1.HashData(password);
        byte[] mask = SHA1.HashData([.. nonce, .. SHA1.HashData(first)]);
#pragma warning restore CA5350
        return [.. first.Zip(mask, (left, right) => (byte)(left ^ right))];
    }

    private static byte[] Sha2Proof(ReadOnlySpan<byte> password, byte[] nonce)
    {
        byte[] first = SHA256.HashData(password);
        byte[] mask = SHA256.HashData([.. SHA256.HashData(first), .. nonce]);
        return [.. first.Zip(mask, (left, right) => (byte)(left ^ right))];
    }

    private static byte[] Encrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> pem, byte[] nonce)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(Encoding.ASCII.GetString(pem));
        byte[] message = [.. password, 0];
        for (int i = 0; i < message.Length; i++)
            message[i] ^= nonce[i % nonce.Length];
        return key.Encrypt(message, RSAEncryptionPadding.OaepSHA1);
    }

    private Client Connect(bool isLoopback = true) => new(_server, isLoopback);

    private sealed class Client : IDisposable
    {
        private readonly ScriptedWire _wire = new();
        private readonly ClientConnection _connection;
        private byte _sequence;

        public Client(ServerState server, bool isLoopback)
        {
            _connection = new ClientConnection(_wire, server, 1, "there", isLoopback);
            _wire.Give([]);
            LastOutcome = _connection.Serve();
            byte[] greeting = _wire.Packets()[0];
            int nonce = 1 + greeting.AsSpan(1).IndexOf((byte)0) + 1 + 4;
            Nonce = [.. greeting.AsSpan(nonce, 8), .. greeting.AsSpan(nonce + 27, 12)];
        }

        public byte[] Nonce { get; }

        public ServeOutcome LastOutcome { get; private set; }

        public List<byte[]> Answers { get; private set; } = [];

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
}
