using System.Globalization;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Transactions;

/// <summary>Transactions that change more than their memory holds: what is beyond lies on the disk, and is gone at their end.</summary>
public sealed class LargeTransactionTests : IDisposable
{
    private readonly MemoryVolume _volume = new(new Random(1));
    private readonly Database _database;
    private readonly Session _session;

    public LargeTransactionTests()
    {
        _database = Database.Open("", new DatabaseOptions
        {
            Volume = _volume,
            HasTicker = false,
            Seed = 1,
            TransactionMemory = 64 << 10,
        });
        _session = _database.OpenSession();
        Run("CREATE DATABASE app; USE app; CREATE TABLE t (id INT PRIMARY KEY, k INT, v VARCHAR(1000), KEY (k))");
    }

    private ScratchSpace Scratch => _database.Transactions.Scratch;

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void It_commits_and_leaves_nothing_on_the_disk()
    {
        Run("BEGIN");
        Insert(0, 1000);
        Assert.Equal("", Run("UPDATE t SET k = k + 1000 WHERE id % 3 = 0; DELETE FROM t WHERE id % 5 = 0"));
        Assert.NotEqual(0, Scratch.FileCount);
        Assert.Equal("", Run("COMMIT"));

        Assert.Equal(0, Scratch.FileCount);
        Assert.Equal("800|267", Run("SELECT COUNT(*), SUM(k >= 1000) FROM t"));
        Assert.Equal("267", Run("SELECT COUNT(*) FROM t FORCE INDEX (k) WHERE k >= 1000"));
    }

    [Fact]
    public void It_rolls_back_and_leaves_nothing_on_the_disk()
    {
        Run("BEGIN");
        Insert(0, 500);
        Assert.NotEqual(0, Scratch.FileCount);
        Run("ROLLBACK");

        Assert.Equal(0, Scratch.FileCount);
        Assert.Equal("0", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_session_that_ends_leaves_nothing_on_the_disk()
    {
        Session other = _database.OpenSession();
        SqlNode.Run(other, "USE app; BEGIN");
        for (int i = 0; i < 300; i++)
            Assert.Equal("", SqlNode.Run(other, Row(i)));
        Assert.NotEqual(0, Scratch.FileCount);
        other.Dispose();

        Assert.Equal(0, Scratch.FileCount);
        Assert.Equal("0", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Savepoints_go_back_over_what_is_on_the_disk()
    {
        Run("BEGIN");
        Insert(0, 200);
        Run("SAVEPOINT a");
        Insert(200, 200);
        Run("SAVEPOINT b; DELETE FROM t WHERE id < 300");
        Insert(400, 200);
        Assert.Equal("300", Run("SELECT COUNT(*) FROM t"));
        Run("ROLLBACK TO b");
        Assert.Equal("400|79800", Run("SELECT COUNT(*), SUM(id) FROM t"));
        Run("ROLLBACK TO a");
        Assert.Equal("200|19900", Run("SELECT COUNT(*), SUM(id) FROM t"));
        Insert(200, 100);
        Run("COMMIT");

        Assert.Equal("300|44850", Run("SELECT COUNT(*), SUM(id) FROM t"));
        Assert.Equal(0, Scratch.FileCount);
    }

    [Fact]
    public void A_statement_that_fails_takes_only_itself_back()
    {
        Run("BEGIN");
        Insert(0, 300);
        string rows = string.Join(", ", Enumerable.Range(300, 300).Append(0).Select(Values));
        Assert.Equal("error 1062", Run($"INSERT INTO t VALUES {rows}"));
        Assert.Equal("300", Run("SELECT COUNT(*) FROM t"));
        Run("COMMIT");

        Assert.Equal("300", Run("SELECT COUNT(*) FROM t"));
        Assert.Equal(0, Scratch.FileCount);
    }

    [Fact]
    public void A_full_disk_takes_the_statement_back_and_the_transaction_goes_on()
    {
        Run("BEGIN");
        Insert(0, 300);
        _volume.LimitGrowth(0);
        string rows = string.Join(", ", Enumerable.Range(300, 300).Select(Values));
        Assert.Equal("error 1021", Run($"INSERT INTO t VALUES {rows}"));
        Assert.Equal("300|44850", Run("SELECT COUNT(*), SUM(id) FROM t"));
        Assert.Equal("300", Run("SELECT COUNT(*) FROM t FORCE INDEX (k) WHERE k >= 0"));
        _volume.LimitGrowth(null);
        Insert(300, 100);
        Assert.Equal("", Run("COMMIT"));

        Assert.Equal("400|79800", Run("SELECT COUNT(*), SUM(id) FROM t"));
        Assert.Equal(0, Scratch.FileCount);
    }

    private static string Values(int id) =>
        string.Create(CultureInfo.InvariantCulture, $"({id}, {id % 100}, '{new string('v', 300)}')");

    private static string Row(int id) => "INSERT INTO t VALUES " + Values(id);

    private void Insert(int from, int count)
    {
        for (int id = from; id < from + count; id++)
            Assert.Equal("", Run(Row(id)));
    }

    private string Run(string sql) => SqlNode.Run(_session, sql);
}
