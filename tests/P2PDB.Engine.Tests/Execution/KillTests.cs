using System.Globalization;
using System.Text;
using P2PDB.Engine.Execution.Status;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>KILL QUERY ends a statement whichever of its operators is at work.</summary>
public sealed class KillTests : IDisposable
{
    /// <summary>Far more than it takes; a statement that is not stopped would go on for hours.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const int RowsOfTable = 2000;

    private readonly SqlNode _node = new();

    public KillTests()
    {
        _node.Run("CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL, KEY (n))");
        var rows = new StringBuilder("INSERT INTO t VALUES ");
        for (int i = 0; i < RowsOfTable; i++)
            rows.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}({i}, {i % 10})");
        Assert.Equal("", _node.Run(rows.ToString()));
    }

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("SELECT COUNT(*) FROM t a, t b, t c, t d WHERE a.id + b.id + c.id + d.id < 0")]
    [InlineData("SELECT COUNT(*) FROM t a JOIN t b ON a.n = b.n JOIN t c ON b.n = c.n JOIN t d ON c.n = d.n WHERE a.id + d.id < 0")]
    [InlineData("SELECT STRAIGHT_JOIN COUNT(*) FROM t a JOIN t b FORCE INDEX (n) ON a.n = b.n JOIN t c FORCE INDEX (n) ON b.n = c.n, t d WHERE d.id + a.id < 0")]
    [InlineData("SELECT COUNT(*) FROM t a, t b, t c WHERE NOT EXISTS (SELECT 1 FROM t d, t e WHERE d.n = a.n AND d.id + b.id + c.id < e.n - 10)")]
    [InlineData("SELECT COUNT(*) FROM t a, t b WHERE a.id > ALL (SELECT c.id - 3000 FROM t c WHERE c.n + 1 > 0 AND c.id < 1900 + b.n)")]
    [InlineData("SELECT SUM((SELECT COUNT(*) FROM t c, t d WHERE c.n + d.n < a.id + b.id)) FROM t a, t b")]
    [InlineData("SELECT COUNT(*) FROM (SELECT DISTINCT a.n FROM t a, t b, t c, t d) AS few")]
    [InlineData("SELECT a.n, COUNT(*) FROM t a, t b, t c, t d GROUP BY a.n")]
    [InlineData("SELECT a.n FROM t a, t b, t c, t d ORDER BY a.n + b.n LIMIT 3")]
    [InlineData("SELECT a.n FROM t a, t b, t c, t d UNION SELECT 1")]
    [InlineData("SELECT a.n FROM t a, t b, t c, t d LIMIT 5 OFFSET 9000000000000")]
    [InlineData("DELETE FROM t WHERE n = (SELECT COUNT(*) FROM (SELECT a.n FROM t a, t b, t c, t d WHERE a.id + d.id < 0) AS none)")]
    public async Task A_statement_ends_when_it_is_killed(string statement)
    {
        long before = _node.Session.State.Counters[StatusCounter.InnodbRowsRead];
        Task<string> running = Task.Run(() => _node.Run(statement));
        Task deadline = Task.Delay(Deadline);
        while (_node.Session.State.Counters[StatusCounter.InnodbRowsRead] < before + RowsOfTable && !deadline.IsCompleted)
            await Task.Yield();

        _node.Session.Kill();

        Assert.Same(running, await Task.WhenAny(running, deadline));
        // A UNION may have given its first rows by then.
        Assert.EndsWith("error 1317", await running, StringComparison.Ordinal);
    }
}
