using System.Text;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Transport;

/// <summary>The part of COM_QUERY in which the client sends a file for LOAD DATA LOCAL.</summary>
public class LocalFileTests
{
    private const string Load = "LOAD DATA LOCAL INFILE 'my file' INTO TABLE d.t";

    [Fact]
    public async Task A_file_comes_in_packets_and_ends_with_an_empty_one()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = LogIn(server);

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load + "; SELECT 7"));
        Assert.Equal([0xFB, .. "my file"u8], client.Read()!);
        client.SendPacket(2, "1\t"u8);
        client.SendPacket(3, "a\n2\tb\n"u8);
        client.SendPacket(4, []);

        Assert.EndsWith("Records: 2  Deleted: 0  Skipped: 0  Warnings: 0", Encoding.UTF8.GetString(client.ReadOk()), StringComparison.Ordinal);
        Assert.Equal([[1, (byte)'7']], client.ReadRows(out _));
        Assert.Equal(2, client.Select("SELECT * FROM d.t").Count);
    }

    [Fact]
    public async Task A_packet_may_have_many_frames()
    {
        await using TestServer server = await StartAsync(packetLengthMax: 40 << 20);
        using RawClient client = LogIn(server);
        byte[] line = Encoding.ASCII.GetBytes("{0}\t" + new string('x', 9_994) + "\n");

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load + " (@id, b)"));
        client.Read();
        client.SendPacket(2, Enumerable.Repeat(line, 2_000).SelectMany(bytes => bytes).ToArray());
        client.SendPacket(4, []);

        client.ReadOk();
        Assert.Equal("2000"u8.ToArray(), client.Select("SELECT COUNT(*) FROM d.t")[0][1..]);
    }

    [Fact]
    public async Task The_rest_of_the_file_is_read_before_an_error_is_answered()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = LogIn(server);
        client.Run("CREATE TABLE d.j (a JSON)");

        client.Command(CommandCode.Query, "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.j"u8);
        client.Read();
        client.SendPacket(2, "1\n{\n"u8);
        client.SendPacket(3, new byte[1000]);
        client.SendPacket(4, []);

        Assert.Equal(3140, client.ReadErrorCode());
        Assert.Equal("0"u8.ToArray(), client.Select("SELECT COUNT(*) FROM d.j")[0][1..]);
    }

    [Fact]
    public async Task Who_does_not_send_files_is_not_asked()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
        Assert.Equal(3948, client.ReadErrorCode());

        client.Run("SET GLOBAL local_infile = 0");
        using RawClient other = LogIn(server);
        other.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
        Assert.Equal(3948, other.ReadErrorCode());
        Assert.Single(other.Select("SELECT 1"));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_leaves_nothing()
    {
        await using TestServer server = await StartAsync();
        using (RawClient client = LogIn(server))
        {
            client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
            client.Read();
            client.SendPacket(2, "1\ta\n2\tb\n"u8);
        }

        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 0);
        AssertEmpty(server);
    }

    [Fact]
    public async Task A_packet_out_of_order_ends_the_connection_and_leaves_nothing()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = LogIn(server);

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
        client.Read();
        client.SendPacket(2, "1\ta\n"u8);
        client.SendPacket(7, "2\tb\n"u8);

        Assert.Equal(1158, client.ReadErrorCode());
        client.AssertClosed();
        AssertEmpty(server);
    }

    [Fact]
    public async Task A_packet_that_is_too_long_ends_the_connection_and_leaves_nothing()
    {
        await using TestServer server = await StartAsync(packetLengthMax: 100_000);
        using RawClient client = LogIn(server);

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
        client.Read();
        client.SendPacket(2, "1\ta\n"u8);
        client.Send("ffff7f 03");

        Assert.Equal(1158, client.ReadErrorCode());
        client.AssertClosed();
        AssertEmpty(server);
    }

    [Fact]
    public async Task Who_is_silent_in_the_middle_is_closed_after_net_read_timeout()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = LogIn(server);

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
        client.Read();
        client.SendPacket(2, "1\ta\n"u8);
        await TestServer.UntilAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(31));
            return server.Server.ConnectionCount == 0;
        });

        client.AssertClosed();
        AssertEmpty(server);
    }

    [Fact]
    public async Task A_killed_connection_leaves_nothing()
    {
        await using TestServer server = await StartAsync();
        using RawClient client = server.Connect();
        uint id = client.LogIn(more: Capabilities.LocalFiles);

        client.Command(CommandCode.Query, Encoding.ASCII.GetBytes(Load));
        client.Read();
        client.SendPacket(2, "1\ta\n"u8);
        using RawClient killer = LogIn(server);
        killer.Run($"KILL {id}");

        client.AssertClosed();
        AssertEmpty(server);
    }

    private static async Task<TestServer> StartAsync(int packetLengthMax = 1 << 20)
    {
        TestServer server = await TestServer.StartAsync(() => TestServer.Options(packetLengthMax: packetLengthMax));
        using RawClient client = LogIn(server);
        client.Run("CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b TEXT); SET GLOBAL local_infile = 1");
        client.ReadOk();
        return server;
    }

    private static RawClient LogIn(TestServer server)
    {
        RawClient client = server.Connect();
        client.LogIn(more: Capabilities.LocalFiles);
        return client;
    }

    private static void AssertEmpty(TestServer server)
    {
        using RawClient client = LogIn(server);
        Assert.Equal("0"u8.ToArray(), client.Select("SELECT COUNT(*) FROM d.t")[0][1..]);
    }
}
