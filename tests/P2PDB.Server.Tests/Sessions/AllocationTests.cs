using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>What a warm request allocates between its packet and the answer's.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int KeyCount = 100;

    private readonly Database _database = MemoryDatabase.Open();
    private readonly ServerState _server;

    public AllocationTests() => _server = new ServerState(_database, new MySqlServerOptions(), NullLogger.Instance);

    public void Dispose()
    {
        _server.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void A_warm_ping_allocates_nothing_from_packet_in_to_packet_out()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", []);

        Assert.Equal(0, AllocatedBy(client, PacketOf([0x0E])));
    }

    [Fact]
    public void A_warm_query_allocates_what_the_engine_does_and_no_more()
    {
        using ScriptedClient client = Connect();
        client.LogIn("root", []);
        using Session session = _database.OpenSession();
        var sink = new CountingSink();
        long engine = AllocatedBy(() => session.Execute("SELECT 1"u8, sink));

        Assert.Equal(engine, AllocatedBy(client, PacketOf([0x03, .. "SELECT 1"u8])));
        Assert.NotEqual(0, sink.RowCount);
    }

    [Theory]
    [InlineData("SELECT v FROM p WHERE k = {0}")]
    [InlineData("SELECT k, v FROM p WHERE s = 'key {0}'")]
    public void A_warm_point_select_of_another_text_allocates_nothing(string sql)
    {
        using ScriptedClient client = ConnectToRows();
        byte[][] packets = [.. Enumerable.Range(1, KeyCount).Select(key => PacketOf([0x03, .. Encoding.UTF8.GetBytes(
            sql.Replace("{0}", key.ToString("D4", null), StringComparison.Ordinal))]))];

        Assert.Equal(0, AllocatedBy(client, packets));
        AssertAnswered(client, "value 0100");
    }

    [Fact]
    public void A_warm_prepared_point_select_allocates_nothing()
    {
        using ScriptedClient client = ConnectToRows();
        byte[] id = Prepare(client, "SELECT v FROM p WHERE k = ?");
        byte[][] packets = [.. Enumerable.Range(1, KeyCount).Select(key => Execute(id, [0x03, 0], [(byte)key, 0, 0, 0]))];

        Assert.Equal(0, AllocatedBy(client, packets));
        AssertAnswered(client, "value 0100");
    }

    [Fact]
    public void A_warm_prepared_point_select_by_text_allocates_nothing()
    {
        using ScriptedClient client = ConnectToRows();
        byte[] id = Prepare(client, "SELECT v FROM p WHERE s = ?");
        byte[][] packets = [.. Enumerable.Range(1, KeyCount).Select(key =>
            Execute(id, [0xFD, 0], [8, .. Encoding.UTF8.GetBytes($"key {key:D4}")]))];

        Assert.Equal(0, AllocatedBy(client, packets));
        AssertAnswered(client, "value 0100");
    }

    private ScriptedClient Connect() => new(_server, isLoopback: true);

    private ScriptedClient ConnectToRows()
    {
        ScriptedClient client = Connect();
        client.LogIn("root", [], database: "d");
        client.Query("CREATE TABLE p (k INT PRIMARY KEY, s CHAR(8) NOT NULL UNIQUE, v VARCHAR(40))");
        for (int key = 1; key <= KeyCount; key++)
            client.Query($"INSERT INTO p VALUES ({key}, 'key {key:D4}', 'value {key:D4}')");
        return client;
    }

    /// <summary>The id of a prepared statement, as packets carry it.</summary>
    private static byte[] Prepare(ScriptedClient client, string sql)
    {
        client.Command([0x16, .. Encoding.UTF8.GetBytes(sql)]);
        Assert.Equal(0, client.Answers[0][0]);
        return client.Answers[0][1..5];
    }

    /// <summary>COM_STMT_EXECUTE with one parameter.</summary>
    private static byte[] Execute(byte[] id, byte[] type, byte[] value) => PacketOf([0x17, .. id, 0, 1, 0, 0, 0, 0, 1, .. type, .. value]);

    private static byte[] PacketOf(byte[] payload) => [(byte)payload.Length, (byte)(payload.Length >> 8), 0, 0, .. payload];

    private static void AssertAnswered(ScriptedClient client, string text) =>
        Assert.Contains(text, Encoding.UTF8.GetString(client.LastSent), StringComparison.Ordinal);

    private static long AllocatedBy(ScriptedClient client, params byte[][] packets)
    {
        int next = 0;
        return AllocatedBy(() => client.Exchange(packets[next++ % packets.Length]));
    }

    /// <summary>Bytes that a call allocates once it is warm: the least of several rounds, since better compiled code may keep more on the stack.</summary>
    private static long AllocatedBy(Action call)
    {
        const int RoundCount = 20;
        const int CallCount = 500;
        long least = long.MaxValue;
        for (int round = 0; round < RoundCount; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < CallCount; i++)
                call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / CallCount;
    }

    private sealed class CountingSink : ResultSink
    {
        public long RowCount { get; private set; }

        public override void Columns(ReadOnlySpan<ResultColumn> columns)
        {
        }

        public override void Rows(RowBatch batch) => RowCount += batch.SelectedCount;

        public override void RowsDone(in StatementOutcome outcome)
        {
        }

        public override void Ok(in StatementOutcome outcome)
        {
        }

        public override void Fail(SqlError failure) => Assert.Fail(failure.ToString());
    }
}
