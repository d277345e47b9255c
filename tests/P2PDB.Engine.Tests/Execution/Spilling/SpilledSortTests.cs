using P2PDB.Engine.Execution.Status;

namespace P2PDB.Engine.Tests.Execution.Spilling;

/// <summary>A sort of more than a statement may hold goes through sorted runs on the disk, and comes out the same.</summary>
public sealed class SpilledSortTests(SpillNode node) : IClassFixture<SpillNode>
{
    [Theory]
    [InlineData("SELECT * FROM t ORDER BY few, word")]
    [InlineData("SELECT * FROM t ORDER BY word DESC, d, at DESC")]
    [InlineData("SELECT * FROM t ORDER BY d DESC")]
    [InlineData("SELECT * FROM t ORDER BY at, f DESC, bits")]
    [InlineData("SELECT * FROM t ORDER BY long_text DESC, n")]
    [InlineData("SELECT id, word FROM t ORDER BY LOWER(long_text), few")]
    [InlineData("SELECT * FROM t ORDER BY few LIMIT 3000")]
    [InlineData("SELECT * FROM t ORDER BY few DESC, long_text LIMIT 2000 OFFSET 1500")]
    [InlineData("SELECT REPEAT(long_text, 100), id FROM t WHERE n < 500 ORDER BY long_text, id")]
    [InlineData("SELECT id, (SELECT COUNT(*) FROM (SELECT long_text FROM u ORDER BY long_text LIMIT 2000) AS x) FROM t ORDER BY few LIMIT 1500")]
    public void Rows_come_in_the_same_order(string sql) => node.Check(sql, isOrdered: true);

    [Fact]
    public void The_first_few_rows_need_no_disk()
    {
        long before = node.Count(StatusCounter.CreatedTmpFiles);
        Assert.Equal(5, node.RunSpilling("SELECT id, long_text FROM t ORDER BY long_text LIMIT 5").Lines.Count);
        Assert.Equal(before, node.Count(StatusCounter.CreatedTmpFiles));
    }

    [Fact]
    public void More_runs_than_are_merged_at_once_take_another_pass()
    {
        const string Sql = "SELECT t.id, u.id, t.long_text FROM t STRAIGHT_JOIN u ON u.id < 10 ORDER BY t.few, t.word";
        long before = node.Count(StatusCounter.SortMergePasses);
        node.Check(Sql, isOrdered: true);
        Assert.Equal(2, node.Count(StatusCounter.SortMergePasses) - before);
    }

    [Fact]
    public void Explain_says_what_went_to_the_disk()
    {
        Assert.Matches("Sort .*on disk: [0-9]+ bytes in [0-9]+ parts", node.RunSpilling("EXPLAIN ANALYZE SELECT * FROM t ORDER BY word").Text);
        Assert.DoesNotContain("on disk", node.Run("EXPLAIN ANALYZE SELECT * FROM t ORDER BY word"), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_to_change_are_sorted_on_disk_too()
    {
        node.Run("CREATE TABLE changed (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(20), long_text VARCHAR(400))");
        string Fill(Func<string, TextSink> run) =>
            run("DELETE FROM changed; INSERT INTO changed (word, long_text) SELECT word, long_text FROM (SELECT word, long_text FROM t ORDER BY word, id LIMIT 100 OFFSET 1400) AS first_ones").Text
            + node.Run("SELECT word, long_text FROM changed ORDER BY id");
        Assert.Equal(Fill(node.Sink), Fill(node.RunSpilling));
    }
}
