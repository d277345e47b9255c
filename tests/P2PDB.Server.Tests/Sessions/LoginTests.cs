using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Server.Packets;
using P2PDB.Server.Tests.Authentication;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>Whole logins, packet by packet, on a wire in memory.</summary>
public sealed class LoginTests : IDisposable
{
    private readonly Database _database = MemoryDatabase.Open();
    private readonly Database _guarded = MemoryDatabase.Open("geheim");
    private readonly ServerState _server;
    private readonly ServerState _guardedServer;

    public LoginTests()
    {
        var options = new MySqlServerOptions { Random = static target => target.Fill(7) };
        _server = new ServerState(_database, options, NullLogger.Instance);
        _guardedServer = new ServerState(_guarded, options, NullLogger.Instance);
    }

    public void Dispose()
    {
        _server.Dispose();
        _guardedServer.Dispose();
        _database.Dispose();
        _guarded.Dispose();
    }

    [Fact]
    public void Root_without_a_password_gets_in_from_this_machine_only()
    {
        using ScriptedClient here = Connect(isLoopback: true);
        using ScriptedClient elsewhere = Connect(isLoopback: false);

        Assert.Equal(0x00, here.LogIn("root", [])[0]);
        AssertDenied(elsewhere.LogIn("root", []), "(using password: NO)");
    }

    [Fact]
    public void Another_plugin_is_answered_with_the_accounts_and_a_nonce_of_its_own()
    {
        using ScriptedClient client = ConnectGuarded();

        byte[] answer = client.LogIn("root", new byte[20], Account.NativePlugin);

        Assert.Equal(0xFE, answer[0]);
        Assert.StartsWith("caching_sha2_password\0", Encoding.ASCII.GetString(answer, 1, answer.Length - 1), StringComparison.Ordinal);
        Assert.Equal("0104", Bytes.Hex(client.Send(Proofs.Sha2("geheim"u8, answer.AsSpan()[^21..^1]))));
    }

    [Fact]
    public void A_client_without_a_plugin_of_ours_is_switched_to_the_native_one_even_when_no_password_is_set()
    {
        using ScriptedClient client = Connect(isLoopback: true);

        byte[] answer = client.LogIn("root", [], "dummy_fallback_auth");

        Assert.Equal(0xFE, answer[0]);
        Assert.StartsWith("mysql_native_password\0", Encoding.ASCII.GetString(answer, 1, answer.Length - 1), StringComparison.Ordinal);
        Assert.Equal(0x00, client.Send([])[0]);
    }

    [Fact]
    public void The_full_path_proves_the_password_once_and_the_fast_path_afterwards()
    {
        using ScriptedClient first = ConnectGuarded();
        Assert.Equal("0104", Bytes.Hex(first.LogIn("root", Proofs.Sha2("geheim"u8, first.Nonce))));
        byte[] pem = first.Send([2]);
        Assert.Equal(1, pem[0]);
        Assert.Equal(0x00, first.Send(Proofs.Encrypt("geheim"u8, pem.AsSpan(1), first.Nonce))[0]);

        using ScriptedClient second = ConnectGuarded();
        second.LogIn("root", Proofs.Sha2("geheim"u8, second.Nonce));
        Assert.Equal(["0103", "00"], second.Answers.ConvertAll(answer => Bytes.Hex(answer.AsSpan(0, Math.Min(answer.Length, answer[0] == 1 ? 2 : 1)))));

        using ScriptedClient wrong = ConnectGuarded();
        Assert.Equal("0104", Bytes.Hex(wrong.LogIn("root", Proofs.Sha2("falsch"u8, wrong.Nonce))));
        pem = wrong.Send([2]);
        AssertDenied(wrong.Send(Proofs.Encrypt("falsch"u8, pem.AsSpan(1), wrong.Nonce)), "(using password: YES)");
    }

    [Fact]
    public void An_unknown_account_stays_out()
    {
        using ScriptedClient unknown = Connect();
        using ScriptedClient none = ConnectGuarded();

        AssertDenied(unknown.LogIn("nobody", []), "Access denied for user 'nobody'@'localhost' (using password: NO)");
        AssertDenied(none.LogIn("root", []), "(using password: NO)");
    }

    [Fact]
    public void A_name_that_is_no_account_is_led_through_the_steps_of_a_wrong_password()
    {
        using ScriptedClient unknown = ConnectGuarded();

        Assert.Equal("0104", Bytes.Hex(unknown.LogIn("nobody", Proofs.Sha2("geheim"u8, unknown.Nonce))));
        byte[] pem = unknown.Send([2]);
        Assert.Equal(1, pem[0]);
        AssertDenied(unknown.Send(Proofs.Encrypt("geheim"u8, pem.AsSpan(1), unknown.Nonce)), "'nobody'@'10.0.0.1' (using password: YES)");
    }

    [Fact]
    public void A_password_that_is_discarded_or_replaced_opens_nothing_more()
    {
        using ScriptedClient root = Connect();
        root.LogIn("root", []);
        root.Query("CREATE USER u IDENTIFIED BY 'old'");
        root.Query("ALTER USER u IDENTIFIED BY 'new' RETAIN CURRENT PASSWORD");
        Assert.Equal(0x00, LogInWith("old"));
        Assert.Equal(0x00, LogInWith("new"));
        Assert.Equal(0x00, LogInWith("old"));

        root.Query("ALTER USER u DISCARD OLD PASSWORD");

        Assert.Equal(0xFF, LogInWith("old"));
        Assert.Equal(0x00, LogInWith("new"));
    }

    [Fact]
    public void Failed_logins_lock_an_account_for_right_and_wrong_passwords_alike()
    {
        using ScriptedClient root = Connect();
        root.LogIn("root", []);
        root.Query("CREATE USER u IDENTIFIED WITH mysql_native_password BY 'p' FAILED_LOGIN_ATTEMPTS 2 PASSWORD_LOCK_TIME 1");

        Assert.Equal([1045, 3955, 3955, 3955], ((string[])["x", "x", "p", "x"]).Select(password =>
        {
            using ScriptedClient client = Connect(isLoopback: false);
            return ErrorOf(client.LogIn("u", Proofs.Native(Encoding.UTF8.GetBytes(password), client.Nonce), Account.NativePlugin));
        }));
    }

    [Fact]
    public void Change_user_takes_the_privileges_of_the_new_account_and_a_client_may_enter_only_what_it_may_see()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", []);
        client.Query("CREATE TABLE d.t (k INT PRIMARY KEY)");
        client.Query("CREATE USER u");
        using ScriptedClient barred = Connect();
        Assert.Equal(1044, ErrorOf(barred.LogIn("u", [], database: "d")));

        Assert.Equal(0x00, client.Command([0x11, .. "u\0"u8, 0, 0, 255, 0, .. "caching_sha2_password\0"u8])[0]);

        Assert.Equal("u@%", client.Query("SELECT CURRENT_USER()"));
        Assert.Equal(1044, ErrorOf(client.Command([0x02, .. "d"u8])));
        Assert.Equal(1142, ErrorOf(client.Command([0x03, .. "SELECT * FROM d.t"u8])));
        Assert.Equal(1044, ErrorOf(client.Command([0x11, .. "u\0"u8, 0, .. "d\0"u8, 255, 0, .. "caching_sha2_password\0"u8])));
    }

    [Fact]
    public void Change_user_to_an_account_at_its_limit_replaces_the_session_that_counts()
    {
        using ScriptedClient root = Connect();
        root.LogIn("root", []);
        root.Query("CREATE USER u WITH MAX_USER_CONNECTIONS 1");
        using ScriptedClient client = Connect();
        client.LogIn("u", []);
        byte[] change = [0x11, .. "u\0"u8, 0, 0, 255, 0, .. "caching_sha2_password\0"u8];

        Assert.Equal(0x00, client.Command(change)[0]);
        Assert.Equal(0x00, client.Command(change)[0]);
        Assert.Equal("1", client.Query("SELECT 1"));
        using ScriptedClient second = Connect();
        Assert.Equal(1226, ErrorOf(second.LogIn("u", [])));
    }

    [Fact]
    public void A_database_that_is_not_there_refuses_the_login()
    {
        using ScriptedClient client = Connect();
        byte[] answer = client.LogIn("root", [], Account.CachingSha2Plugin, "missing");

        Assert.Equal(1049, answer[1] | answer[2] << 8);
        Assert.Equal(ServeOutcome.Ended, client.LastOutcome);
    }

    [Fact]
    public void Change_user_begins_a_new_session_on_the_same_connection()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", []);
        client.Query("SET @kept = 1");
        client.Command([0x16, .. "SELECT 1"u8]);

        byte[] answer = client.Command([0x11, .. "root\0"u8, 0, .. "d\0"u8, 255, 0, .. "caching_sha2_password\0"u8]);

        Assert.Equal(0x00, answer[0]);
        Assert.Equal("d|NULL|1", client.Query("SELECT DATABASE(), @kept, CONNECTION_ID()"));
        Assert.Equal("1", client.Query("SELECT COUNT(*) FROM information_schema.processlist"));
        Assert.Equal(1243, ErrorOf(client.Command([0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0])));
        AssertDenied(client.Command([0x11, .. "root\0"u8, 20, .. new byte[20], 0, 255, 0, .. "caching_sha2_password\0"u8]), "YES");
        Assert.Equal(ServeOutcome.Ended, client.LastOutcome);
    }

    [Fact]
    public void Reset_connection_rolls_back_and_forgets_but_keeps_the_database()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", [], database: "d");
        client.Query("CREATE TABLE t (k INT PRIMARY KEY)");
        client.Query("SET @kept = 1");
        client.Command([0x16, .. "SELECT 1"u8]);
        client.Query("BEGIN");
        client.Query("INSERT INTO t VALUES (1)");

        Assert.Equal("00000002000000", Bytes.Hex(client.Command([0x1F])));

        Assert.Equal("d|NULL|0", client.Query("SELECT DATABASE(), @kept, (SELECT COUNT(*) FROM t)"));
        Assert.Equal(1243, ErrorOf(client.Command([0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0])));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Found_rows_are_counted_where_the_client_asks(bool asks, int expected)
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", [], database: "d", more: asks ? Capabilities.FoundRows : Capabilities.None);
        client.Query("CREATE TABLE t (k INT PRIMARY KEY, v INT)");
        client.Query("INSERT INTO t VALUES (1, 1)");

        Assert.Equal(expected, client.Command([0x03, .. "UPDATE t SET v = 1 WHERE k = 1"u8])[1]);
    }

    [Fact]
    public void Several_statements_run_where_the_client_may()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", [], more: Capabilities.MultiStatements);
        byte[] two = [0x03, .. "DO 1; DO 2"u8];

        Assert.Equal(0x00, client.Command(two)[0]);
        Assert.Equal(["0000000a000000", "00000002000000"], client.Answers.ConvertAll(answer => Bytes.Hex(answer)));
        client.Command([0x1B, 1, 0]);
        Assert.Equal(1064, ErrorOf(client.Command(two)));
        client.Command([0x1F]);
        Assert.Equal(0x00, client.Command(two)[0]);
        Assert.Equal(1064, ErrorOf(client.Command([0x03, .. "DO 1; NONSENSE; DO 2"u8])));
        Assert.Equal(2, client.Answers.Count);
    }

    [Fact]
    public void A_tracking_client_hears_of_a_new_schema_once()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", [], more: Capabilities.SessionTrack);

        Assert.Equal("0000000240000000040102" + "0164", Bytes.Hex(client.Command([0x02, .. "d"u8])));
        Assert.Equal("00000002000000", Bytes.Hex(client.Command([0x0E])));
    }

    /// <summary>The first byte of the answer to a login as u, by the fast path where that will do.</summary>
    private byte LogInWith(string password)
    {
        using ScriptedClient client = Connect(isLoopback: false);
        byte[] secret = Encoding.UTF8.GetBytes(password);
        byte[] answer = client.LogIn("u", Proofs.Sha2(secret, client.Nonce));
        if (answer is not [1, 4])
            return answer[0];
        byte[] pem = client.Send([2]);
        return client.Send(Proofs.Encrypt(secret, pem.AsSpan(1), client.Nonce))[0];
    }

    private static int ErrorOf(byte[] answer)
    {
        Assert.Equal(0xFF, answer[0]);
        return answer[1] | answer[2] << 8;
    }

    private static void AssertDenied(byte[] answer, string text)
    {
        Assert.Equal(0xFF, answer[0]);
        Assert.Equal(1045, answer[1] | answer[2] << 8);
        Assert.Contains(text, Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    private ScriptedClient Connect(bool isLoopback = true) => new(_server, isLoopback);

    private ScriptedClient ConnectGuarded() => new(_guardedServer, isLoopback: false);
}
