using System.Text;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>A node with rows in pages whose disk is full: error 1021 for what writes, answers for what reads, and an end.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly string Insert =
        "INSERT INTO t (v) VALUES " + string.Join(", ", Enumerable.Repeat($"('{new string('x', 1900)}')", 100));

    private readonly MemoryVolume _volume = new(new Random(1));
    private readonly Database _database;
    private readonly Session _session;

    public FullDiskTests()
    {
        _database = Database.Open("", new DatabaseOptions
        {
            Volume = _volume,
            HasTicker = false,
            Seed = 1,
            Store = StoreKind.File,
            StoreMemory = 9 << 20,
        });
        _session = _database.OpenSession();
        Run("CREATE DATABASE app; USE app; CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(2000))");
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_an_error_for_writes_until_there_is_room()
    {
        _volume.LimitGrowth(24 << 20);
        int inserted = InsertUntilFull();
        Assert.False(_database.Store.TryReserve(100 * 2000));
        Assert.Equal($"{inserted}", Run("SELECT COUNT(*) FROM t"));

        // A checkpoint may find its room, or not: it does not wait, and does not make room.
        await Task.Run(_database.Tick).WaitAsync(Deadline);
        inserted += InsertUntilFull();
        Assert.Equal($"{inserted}", Run("SELECT COUNT(*) FROM t"));

        _volume.LimitGrowth(null);
        Assert.Equal("", Run(Insert));
        Assert.Equal($"{inserted + 100}", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public async Task A_node_with_a_full_disk_ends()
    {
        _volume.LimitGrowth(16 << 20);
        Assert.InRange(InsertUntilFull(), 100, 50_000);

        await Task.Run(_database.Dispose).WaitAsync(Deadline);
    }

    private int InsertUntilFull()
    {
        int inserted = 0;
        while (Run(Insert) is var answer && answer != "error 1021")
        {
            Assert.Equal("", answer);
            inserted += 100;
            Assert.InRange(inserted, 0, 50_000);
        }

        return inserted;
    }

    private string Run(string sql)
    {
        var sink = new TextSink(_session);
        _session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }
}
