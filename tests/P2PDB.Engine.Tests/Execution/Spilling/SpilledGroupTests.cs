using P2PDB.Engine.Execution.Status;

namespace P2PDB.Engine.Tests.Execution.Spilling;

/// <summary>GROUP BY and DISTINCT of more than a statement may hold put rows aside on the disk, and say the same.</summary>
public sealed class SpilledGroupTests(SpillNode node) : IClassFixture<SpillNode>
{
    [Theory]
    [InlineData("SELECT n, COUNT(*), SUM(d), AVG(few), MIN(word), MAX(at), STDDEV(f), BIT_XOR(id) FROM t GROUP BY n")]
    [InlineData("SELECT word, n, COUNT(*) FROM t GROUP BY word, n")]
    [InlineData("SELECT d, at, COUNT(*), SUM(f), AVG(f) FROM t GROUP BY d, at")]
    [InlineData("SELECT long_text, MAX(bits), MIN(long_text) FROM t GROUP BY long_text")]
    [InlineData("SELECT LEFT(long_text, 100) AS front, COUNT(*) FROM t GROUP BY front HAVING COUNT(*) > 1")]
    [InlineData("SELECT n, COUNT(DISTINCT few), SUM(DISTINCT few) FROM t GROUP BY n")]
    [InlineData("SELECT id, GROUP_CONCAT(word), JSON_ARRAYAGG(long_text), JSON_OBJECTAGG(id, word) FROM t GROUP BY id")]
    [InlineData("SELECT n, few, id FROM (SELECT n, MAX(few) AS few, MIN(id) AS id FROM t GROUP BY n) AS x WHERE few > 1")]
    [InlineData("SELECT t.n, u.few, COUNT(*), SUM(t.id) FROM t STRAIGHT_JOIN u ON u.id < 20 GROUP BY t.n, u.few")]
    public void Groups_are_the_same(string sql) => node.Check(sql, isOrdered: false);

    [Theory]
    [InlineData("SELECT DISTINCT n, few FROM t")]
    [InlineData("SELECT DISTINCT word, n FROM t")]
    [InlineData("SELECT DISTINCT d, at FROM t")]
    [InlineData("SELECT DISTINCT long_text FROM t")]
    [InlineData("SELECT COUNT(*) FROM (SELECT DISTINCT id, bits FROM t) AS x")]
    [InlineData("SELECT DISTINCT t.n, u.id FROM t STRAIGHT_JOIN u ON u.id < 20")]
    [InlineData("SELECT n, few FROM t UNION SELECT n, few FROM u")]
    [InlineData("SELECT word, d, id FROM t UNION SELECT word, f, n FROM u UNION SELECT 'x', 1, n FROM t")]
    [InlineData("SELECT word, at FROM t UNION ALL (SELECT DISTINCT word, at FROM u)")]
    public void Distinct_rows_are_the_same(string sql) => node.Check(sql, isOrdered: false);

    [Theory]
    [InlineData("SELECT DISTINCT n, long_text FROM t ORDER BY long_text, n")]
    [InlineData("SELECT n, COUNT(*) AS c, MAX(long_text) FROM t GROUP BY n ORDER BY c DESC, n")]
    public void Several_steps_go_to_the_disk(string sql)
    {
        node.Check(sql, isOrdered: true);
        Assert.Matches(@"on disk(.*\n)+.*on disk", node.RunSpilling("EXPLAIN ANALYZE " + sql).Text);
    }

    [Fact]
    public void What_passes_the_limit_is_counted()
    {
        long before = node.Count(StatusCounter.CreatedTmpDiskTables);
        node.RunSpilling("SELECT DISTINCT n, id FROM t");
        Assert.Equal(before + 1, node.Count(StatusCounter.CreatedTmpDiskTables));
    }
}
