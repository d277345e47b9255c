using System.Text;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>A plan that one text made answers another that differs in its literals: as if it had been planned for that one.</summary>
public sealed class SharedPlanTests : IDisposable
{
    private readonly Database _database;

    public SharedPlanTests()
    {
        _database = Database.Open("", new DatabaseOptions { Volume = new MemoryVolume(new Random(1)), HasTicker = false, Seed = 1 });
        using Session session = _database.OpenSession();
        Run(session, """
            CREATE DATABASE app; USE app;
            CREATE TABLE t (id INT PRIMARY KEY, d DECIMAL(10,2), f DOUBLE, s VARCHAR(20), day DATE, at DATETIME, e ENUM('a','b'), j JSON, KEY (s));
            INSERT INTO t VALUES (1, 1.50, 0.5, 'one', '2020-01-01', '2020-01-01 10:00:00', 'a', '{"k": 1}'),
                (2, -1.50, -0.5, 'two', '2020-01-02', '2020-01-02 10:00:00', 'b', '{"k": 2}'),
                (3, 2.25, 2e10, 'it''s', '2020-02-01', '2020-02-01 10:00:00', 'a', '[1, 2]'), (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
            """);
    }

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("SELECT id FROM t WHERE id = {0}", "1", "2", "-1", "99999999999", "18446744073709551615", "9223372036854775808")]
    [InlineData("SELECT id FROM t WHERE d = {0}", "1.50", "2.25", "-1.50", "-2.25", "01.5", "1e0")]
    [InlineData("SELECT id FROM t WHERE d + {0} > 2", "1", "10000", "0.75", "0.25", "-5")]
    [InlineData("SELECT id FROM t WHERE f = {0}", "0.5", "-0.5", "5e-1", "-5e-1", "2e10")]
    [InlineData("SELECT id FROM t WHERE s = {0}", "'one'", "'two'", "'it''s'", "'it\\'s'", "\"it's\"", "''", "'a much longer text than the others'", "0")]
    [InlineData("SELECT id FROM t WHERE s LIKE {0}", "'o%'", "'%o'", "'t_o'", "'t\\_o'")]
    [InlineData("SELECT id FROM t WHERE s IN ('one', {0})", "'two'", "'one'", "''")]
    [InlineData("SELECT id FROM t WHERE day > {0}", "'2020-01-01'", "'2020-01-31'", "20200101", "'20200101'")]
    [InlineData("SELECT id FROM t WHERE at BETWEEN {0} AND '2021-01-01'", "'2020-01-01'", "'2020-01-02 10:00:00'", "'2020-01-02 10:00:01'")]
    [InlineData("SELECT id FROM t WHERE day = {0} + INTERVAL 1 DAY", "'2020-01-01'", "'2020-01-31'", "'2020-01-31 00:00:00'")]
    [InlineData("SELECT id FROM t WHERE day = INTERVAL 1 DAY + {0}", "'2020-01-01'", "'2020-01-31'", "20200131")]
    [InlineData("SELECT id FROM t WHERE e = {0}", "'a'", "'b'", "1", "2")]
    [InlineData("SELECT id FROM t WHERE j->'$.k' = {0}", "1", "2", "'1'")]
    [InlineData("SELECT id FROM t WHERE CASE WHEN id > {0} THEN 1 ELSE 0 END", "1", "3")]
    [InlineData("SELECT COUNT(*), s > 'p' FROM t GROUP BY s > 'p' HAVING COUNT(*) > {0}", "0", "1")]
    [InlineData("SELECT id + 1, COUNT(*) FROM t GROUP BY id + 1 HAVING id + {0} > 2", "1", "2")]
    [InlineData("SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.id = t.id + {0})", "1", "3")]
    [InlineData("SELECT id FROM t WHERE ({0}, 'one') = (id, s)", "1", "2")]
    [InlineData("SELECT id FROM t WHERE {0}", "0", "1", "'1'", "0.0", "'x'")]
    [InlineData("SELECT a.id, b.id FROM t a LEFT JOIN t b ON b.id = a.id + {0} ORDER BY a.id", "1", "2")]
    [InlineData("SELECT CONCAT(id, 'x') FROM t WHERE id > {0} ORDER BY id LIMIT 2", "0", "1")]
    public void A_query_with_other_literals_is_answered_as_in_a_fresh_session(string query, params string[] literals)
    {
        using Session shared = Open();
        foreach (string first in literals)
        {
            foreach (string literal in (string[])[first, .. literals])
            {
                string text = query.Replace("{0}", literal, StringComparison.Ordinal);
                using Session fresh = Open();
                Assert.Equal(Run(fresh, text), Run(shared, text));
            }
        }
    }

    [Fact]
    public void Changes_with_other_literals_store_their_own_values()
    {
        using Session session = Open();
        Run(session, "CREATE TABLE w (id INT PRIMARY KEY AUTO_INCREMENT, n INT, d DECIMAL(8,2), s VARCHAR(9), UNIQUE (n))");
        for (int i = 1; i <= 3; i++)
            Run(session, $"INSERT INTO w (n, d, s) VALUES ({i}, -{i}.25, '{i}\\n''{i}')");
        Run(session, "UPDATE w SET n = n + 10, s = 'x' WHERE id = 1");
        Run(session, "UPDATE w SET n = n + 20, s = 'yy' WHERE id = 2");
        Run(session, "INSERT INTO w (n) VALUES (11) ON DUPLICATE KEY UPDATE d = 5.5");
        Run(session, "INSERT INTO w (n) VALUES (22) ON DUPLICATE KEY UPDATE d = 6.5");
        Run(session, "DELETE FROM w WHERE id = 3");

        Assert.Equal("1|11|5.50|x\n2|22|6.50|yy", Run(session, "SELECT * FROM w ORDER BY id"));
        Assert.Equal("error 1062", Run(session, "INSERT INTO w (n, d, s) VALUES (22, -3.25, '')"));
        Assert.Equal("error 1406", Run(session, "INSERT INTO w (n, d, s) VALUES (23, -3.25, 'more than nine')"));
        Assert.Equal("error 1264", Run(session, "INSERT INTO w (n, d, s) VALUES (4294967296, -3.25, '')"));
    }

    [Fact]
    public void A_warm_point_select_of_another_text_allocates_nothing()
    {
        using Session session = Open();
        byte[][] texts = [.. Enumerable.Range(1, 4).Select(id => Encoding.UTF8.GetBytes($"SELECT s FROM t WHERE id = {id}"))];
        long allocated = long.MaxValue;

        // Warm is what the compiler has optimised, and that takes its time on a busy machine.
        for (int round = 0; round < 500 && allocated > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
                session.Execute(texts[i % texts.Length], ResultSink.Discard);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private Session Open()
    {
        Session session = _database.OpenSession();
        session.UseDatabase("app");
        return session;
    }

    private static string Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }
}
