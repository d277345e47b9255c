using System.Text;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Transport;

/// <summary>What a client may do wrong costs it its connection and nobody else anything.</summary>
public class HostileClientTests
{
    [Fact]
    public async Task Garbage_instead_of_a_handshake_is_answered_and_closed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        Assert.Equal(10, client.Read()![0]);

        client.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
        int code = client.ReadErrorCode();

        Assert.Equal(1156, code);
        client.AssertClosed();
        await server.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("01000001 00", 1043)]
    [InlineData("20000001 00820000 00000001 ff 0000000000000000000000000000000000000000000000", 1043)]
    [InlineData("04000001 00000000", 1251)]
    [InlineData("01000101", 1153)]
    [InlineData("01000002 00", 1156)]
    public async Task Bad_handshakes_are_refused_with_mysqls_code(string hex, int expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.Read();

        client.Send(hex);

        Assert.Equal(expected, client.ReadErrorCode());
        client.AssertClosed();
        await server.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_packet_leaves_nothing_behind()
    {
        await using TestServer server = await TestServer.StartAsync();
        using (RawClient client = server.Connect())
        {
            client.LogIn();
            client.Send("ff000000 03 53454c");
        }

        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Who_does_not_log_in_is_closed_after_connect_timeout()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 20));
        using RawClient silent = server.Connect();
        using RawClient slow = server.Connect();
        using RawClient good = server.Connect();
        good.LogIn();
        silent.Read();
        slow.Read();
        slow.Send("20000001 0082");

        server.Time.Advance(TimeSpan.FromSeconds(9));
        slow.Send("00");
        Assert.Equal(3, server.Server.ConnectionCount);
        server.Time.Advance(TimeSpan.FromSeconds(2));

        silent.AssertClosed();
        slow.AssertClosed();
        good.Command(CommandCode.Ping, []);
        Assert.Equal(0, good.Read()![0]);
    }

    [Fact]
    public async Task Who_is_silent_for_wait_timeout_is_closed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        // The answer to the login is here before the server has noted from when on the client is silent: so time goes on until it has.
        await TestServer.UntilAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(1));
            return server.Server.ConnectionCount == 0;
        });

        client.AssertClosed();
    }

    [Fact]
    public async Task A_command_out_of_order_ends_the_connection()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(CommandCode.Ping, []);
        client.Read();
        client.Send("01000005 0e");

        byte[]? answer = client.Read();
        Assert.Equal(0xFF, answer![0]);
        Assert.Equal(1156, answer[1] | answer[2] << 8);
        client.AssertClosed();
    }

    [Fact]
    public async Task A_command_over_max_allowed_packet_ends_the_connection()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(packetLengthMax: 100_000));
        using RawClient client = server.Connect();
        client.LogIn();

        client.SendPacket(0, new byte[200_000]);

        byte[]? answer = client.Read();
        Assert.Equal(1153, answer![1] | answer[2] << 8);
        client.AssertClosed();
    }

    [Fact]
    public async Task An_unknown_command_is_refused_and_the_connection_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        foreach (byte code in new byte[] { 0x00, 0x05, 0x0D, 0x12, 0x1D, 0x7F, 0xFF })
        {
            client.Command((CommandCode)code, [1, 2, 3]);
            Assert.Equal(1047, client.ReadErrorCode());
        }

        client.Command(CommandCode.Ping, []);
        Assert.Equal(0, client.Read()![0]);
    }

    [Theory]
    [InlineData(nameof(CommandCode.StatementExecute), "", 1835)]
    [InlineData(nameof(CommandCode.StatementExecute), "07000000", 1243)]
    [InlineData(nameof(CommandCode.StatementReset), "0700", 1243)]
    [InlineData(nameof(CommandCode.FieldList), "616263", 1835)]
    [InlineData(nameof(CommandCode.ProcessKill), "01", 1835)]
    [InlineData(nameof(CommandCode.ProcessKill), "ffffff7f", 1094)]
    [InlineData(nameof(CommandCode.SetOption), "0700", 1047)]
    public async Task Bad_arguments_are_refused_and_the_connection_goes_on(string code, string hex, int expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(Enum.Parse<CommandCode>(code), Bytes.Of(hex));
        Assert.Equal(expected, client.ReadErrorCode());

        client.Command(CommandCode.Ping, []);
        Assert.Equal(0, client.Read()![0]);
    }

    [Fact]
    public async Task A_client_that_never_reads_is_cut_off()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(writeTimeoutMs: 300));
        using RawClient client = server.Connect(receiveBufferLength: 4_096);
        client.LogIn();

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(
            "WITH d AS (SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 "
            + "UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) SELECT REPEAT('x', 1000) FROM d a, d b, d c, d e, d f"));

        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task An_unexpected_failure_ends_one_connection_with_an_error()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        Assert.Equal(10, client.Read()![0]);
        server.Database.Dispose();

        // An engine that is gone is what the login does not count on.
        client.SendPacket(1, RawClient.LoginPacket("root"));

        Assert.Equal(1105, client.ReadErrorCode());
        client.AssertClosed();
        using RawClient other = server.Connect();
        Assert.Equal(10, other.Read()![0]);
    }
}
