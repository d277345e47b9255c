using System.Text;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>Indexes whose entries do not fit in the memory that their making may take: they are sorted through the disk.</summary>
public sealed class LargeIndexTests : IDisposable
{
    private const int RowCount = 70_000;
    private readonly MemoryVolume _volume = new(new Random(1));
    private readonly Database _database;
    private readonly Session _session;

    public LargeIndexTests()
    {
        _database = Database.Open("", new DatabaseOptions { Volume = _volume, HasTicker = false, Seed = 1, Store = StoreKind.File });
        _session = _database.OpenSession();
        Assert.Equal("", Run("CREATE DATABASE app; USE app; CREATE TABLE t (id INT PRIMARY KEY, v VARBINARY(250), n INT NOT NULL)"));
        var dice = new Random(2);
        byte[] value = new byte[210];
        for (int id = 0; id < RowCount;)
        {
            var rows = new StringBuilder("INSERT INTO t VALUES ");
            for (int end = id + 2000; id < end; id++)
            {
                dice.NextBytes(value);
                rows.Append(id % 2000 == 0 ? "" : ", ").Append($"({id}, x'{Convert.ToHexString(value)}', {id / 7 % 1000})");
            }

            Assert.Equal("", Run(rows.ToString()));
        }
    }

    private ScratchSpace Scratch => _session.State.Node.Transactions.Scratch;

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
        _volume.Dispose();
    }

    /// <summary>One table for all of it: its rows take the most of the time.</summary>
    [Fact]
    public void Indexes_have_all_rows_in_order_with_and_without_room_on_the_disk()
    {
        foreach (string definition in (string[])["CREATE INDEX i ON t (v, n)", "CREATE UNIQUE INDEX i ON t (v)"])
        {
            long filesBefore = Scratch.OpenedCount;
            Assert.Equal("", Run(definition));
            Assert.NotEqual(filesBefore, Scratch.OpenedCount);
            CheckIndex();
        }

        _volume.LimitGrowth(1_000_000);
        Assert.Equal("", Run("CREATE INDEX i ON t (v, n)"));
        _volume.LimitGrowth(null);
        CheckIndex();

        // A key that two rows have is found among those on the disk.
        Assert.Equal("", Run($"UPDATE t AS x, (SELECT v FROM t WHERE id = 3) AS y SET x.v = y.v WHERE x.id = {RowCount - 1}"));
        Assert.StartsWith("error 1062", Run("CREATE UNIQUE INDEX i ON t (v)"), StringComparison.Ordinal);
        Assert.Equal(0, Scratch.FileCount);
    }

    private void CheckIndex()
    {
        Assert.Equal((0, 0L), (Scratch.FileCount, Scratch.Length));
        string ofTable = Run("SELECT COUNT(*), SUM(CRC32(v)) FROM t IGNORE INDEX (i)");
        Assert.Contains("70000", ofTable, StringComparison.Ordinal);
        Assert.Equal(ofTable, Run("SELECT COUNT(*), SUM(CRC32(v)) FROM t FORCE INDEX (i) WHERE v >= ''"));
        Assert.Equal(
            Run("SELECT HEX(v) FROM t IGNORE INDEX (i) ORDER BY v LIMIT 5"), Run("SELECT HEX(v) FROM t FORCE INDEX (i) ORDER BY v LIMIT 5"));
        Assert.Equal("", Run("DROP INDEX i ON t"));
    }

    private string Run(string sql)
    {
        var sink = new TextSink(_session);
        _session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }
}
