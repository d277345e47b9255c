using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Transport;

public class ConnectionTests
{
    [Fact]
    public async Task One_connection_too_many_is_answered_error_1040()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(connectionCountMax: 2));
        using RawClient first = server.Connect();
        using RawClient second = server.Connect();
        first.LogIn();
        second.LogIn();

        using (RawClient third = server.Connect())
        {
            Assert.Equal(1040, third.ReadErrorCode());
            third.AssertClosed();
        }

        first.Command(CommandCode.Quit, []);
        first.AssertClosed();
        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 1);
        using RawClient fourth = server.Connect();
        fourth.LogIn();
    }

    [Fact]
    public async Task A_parked_connection_wakes_up_again_and_again()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 10));
        using RawClient client = server.Connect();
        client.LogIn();

        for (int i = 0; i < 3; i++)
        {
            await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
            client.Command(CommandCode.Ping, []);
            Assert.Equal(0, client.Read()![0]);
        }
    }

    [Fact]
    public async Task Parked_connections_hold_no_threads()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 10));
        var clients = new List<RawClient>();
        for (int i = 0; i < 50; i++)
        {
            var client = server.Connect();
            clients.Add(client);
            client.LogIn();
            await TestServer.UntilAsync(() => server.Server.ParkedCount == clients.Count);
        }

        Assert.True(server.Server.ThreadCount < 10, $"{server.Server.ThreadCount} threads");
        foreach (RawClient client in clients)
            client.Dispose();
        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task A_packet_in_two_halves_survives_parking()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 10));
        using RawClient client = server.Connect();
        client.LogIn();

        client.Send("0900");
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
        client.Send("0000 03 53454c4543");
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
        client.Send("542031");

        Assert.Equal("01", Bytes.Hex(client.Read()));
    }

    [Fact]
    public async Task Commands_sent_at_once_are_answered_in_order()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Send("01000000 0e  09000000 03 53454c4543542031  01000000 7f");

        Assert.Equal(0x00, client.Read()![0]);
        Assert.Equal("01", Bytes.Hex(client.Read()));
        for (int i = 0; i < 4; i++)
            client.Read();
        Assert.Equal(0xFF, client.Read()![0]);
    }

    [Fact]
    public async Task Process_kill_interrupts_a_statement_and_ends_its_connection()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient victim = server.Connect();
        using RawClient killer = server.Connect();
        uint id = victim.LogIn();
        killer.LogIn();
        victim.Command(CommandCode.Query, "SELECT SLEEP(60)"u8);

        killer.Command(CommandCode.ProcessKill, BitConverter.GetBytes(id));

        Assert.Equal(0, killer.Read()![0]);
        victim.AssertClosed();
        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 1);
    }

    [Theory]
    [InlineData("SELECT SLEEP(60)")]
    [InlineData(null)]
    public async Task The_statement_kill_ends_a_busy_and_an_idle_connection(string? statement)
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 10));
        using RawClient victim = server.Connect();
        using RawClient killer = server.Connect();
        uint id = victim.LogIn();
        killer.LogIn();
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 2);
        if (statement is not null)
            victim.Command(CommandCode.Query, System.Text.Encoding.UTF8.GetBytes(statement));

        killer.Run($"KILL {id}");

        victim.AssertClosed();
        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 1);
        killer.Command(CommandCode.Query, System.Text.Encoding.UTF8.GetBytes($"KILL {id}"));
        Assert.Equal(1094, killer.ReadErrorCode());
    }

    [Fact]
    public async Task Kill_query_ends_the_statement_alone()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient victim = server.Connect();
        using RawClient killer = server.Connect();
        uint id = victim.LogIn();
        killer.LogIn();
        victim.Command(CommandCode.Query, "SELECT SLEEP(60) FROM (SELECT 1) AS one"u8);
        await TestServer.UntilAsync(() => killer.Select(
            $"SELECT 1 FROM information_schema.processlist WHERE id = {id} AND info LIKE 'SELECT SLEEP%'").Count == 1);

        killer.Run($"KILL QUERY {id}");

        victim.ReadAnswer();
        victim.Command(CommandCode.Ping, []);
        victim.ReadOk();
    }

    [Fact]
    public async Task Who_kills_itself_is_told_and_closed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        uint id = client.LogIn();

        client.Command(CommandCode.Query, System.Text.Encoding.UTF8.GetBytes($"KILL {id}"));

        Assert.Equal(1317, client.ReadErrorCode());
        client.AssertClosed();
    }

    [Fact]
    public async Task A_stop_closes_idle_connections_at_once_and_busy_ones_after_its_timeout()
    {
        TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 10));
        using RawClient idle = server.Connect();
        using RawClient parked = server.Connect();
        using RawClient busy = server.Connect();
        idle.LogIn();
        parked.LogIn();
        busy.LogIn();
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 3);
        busy.Command(CommandCode.Query, "SELECT SLEEP(60)"u8);
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 2);

        Task stop = server.DisposeAsync().AsTask();
        idle.AssertClosed();
        parked.AssertClosed();
        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 1);
        Assert.False(stop.IsCompleted);

        server.Time.Advance(TimeSpan.FromSeconds(11));
        await stop;
        busy.AssertClosed();
    }
}
