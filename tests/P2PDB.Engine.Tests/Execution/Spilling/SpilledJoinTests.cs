namespace P2PDB.Engine.Tests.Execution.Spilling;

/// <summary>Joins whose inner side is more than a statement may hold go through the disk, and find the same partners.</summary>
public sealed class SpilledJoinTests(SpillNode node) : IClassFixture<SpillNode>
{
    [Theory]
    [InlineData("SELECT t.id, u.id, u.long_text FROM t JOIN u ON t.n = u.n")]
    [InlineData("SELECT t.id, u.id FROM t JOIN u ON t.n = u.n AND t.few = u.few AND u.f < t.f")]
    [InlineData("SELECT t.id, u.id, u.d FROM t JOIN u ON t.d = u.d")]
    [InlineData("SELECT t.id, u.id, u.long_text FROM t STRAIGHT_JOIN u ON t.word = u.word WHERE t.id < 30")]
    [InlineData("SELECT a.id, b.id, c.id FROM t a JOIN u b ON a.n = b.n JOIN t c ON c.n = b.n AND c.few = a.few")]
    [InlineData("SELECT t.*, u.* FROM t LEFT JOIN u ON t.n = u.n")]
    [InlineData("SELECT t.id, u.id, u.word FROM t LEFT JOIN u ON t.bits = u.bits AND t.word = u.word")]
    [InlineData("SELECT t.id, u.id, u.at FROM u RIGHT JOIN t ON t.n = u.n AND u.long_text > t.long_text")]
    public void Pairs_are_the_same(string sql) => node.Check(sql, isOrdered: false);

    [Theory]
    [InlineData("SELECT t.id, u.id, u.long_text FROM t STRAIGHT_JOIN u ON t.few = u.few WHERE t.id < 20")]
    [InlineData("SELECT t.id, u.id, u.long_text FROM t LEFT JOIN u ON t.few = u.few AND t.id = u.n")]
    [InlineData("SELECT id, few FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.few = t.few AND u.n = t.id AND u.long_text <> t.long_text)")]
    [InlineData("SELECT id, few FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.few = t.few AND u.n = t.id AND u.long_text <> t.long_text)")]
    public void One_key_with_more_rows_than_memory_is_joined_in_blocks(string sql) => node.Check(sql, isOrdered: false);

    [Theory]
    [InlineData("SELECT t.id, u.id, u.long_text FROM t LEFT JOIN u ON u.n < t.few")]
    [InlineData("SELECT t.id, u.id, u.long_text FROM t STRAIGHT_JOIN u ON u.id + 0 BETWEEN t.n AND t.n + 2 WHERE t.few = 3")]
    [InlineData("SELECT t.id FROM t WHERE t.few = 2 AND NOT EXISTS (SELECT 1 FROM u WHERE u.n > t.n AND u.long_text > t.long_text)")]
    public void Without_keys_all_pairs_are_tried_in_blocks(string sql) => node.Check(sql, isOrdered: false);

    [Theory]
    [InlineData("SELECT id, word FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.long_text = t.long_text)")]
    [InlineData("SELECT id, word FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.long_text = t.long_text)")]
    [InlineData("SELECT id, word FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.n = t.n AND u.few <> t.few)")]
    [InlineData("SELECT id, word FROM t WHERE id NOT IN (SELECT u.id + 7 FROM u WHERE u.long_text > t.word) AND n < 30")]
    public void Left_rows_with_and_without_partners_are_the_same(string sql) => node.Check(sql, isOrdered: false);

    [Fact]
    public void Explain_says_what_went_to_the_disk() =>
        Assert.Matches("join .*on disk: [0-9]+ bytes in [0-9]+ parts", node.RunSpilling("EXPLAIN ANALYZE SELECT t.id, u.id FROM t LEFT JOIN u ON t.n = u.n").Text);

    [Fact]
    public void Rows_to_change_are_joined_on_disk_too()
    {
        node.Run("CREATE TABLE changed (id INT PRIMARY KEY, n INT, c INT)");
        string Change(Func<string, TextSink> run) =>
            run("DELETE FROM changed; INSERT INTO changed SELECT id, n, 0 FROM t WHERE id < 200").Text
            + run("UPDATE changed JOIN u ON u.n = changed.n AND LENGTH(u.long_text) > 10 SET c = 1").Text
            + node.Run("SELECT * FROM changed ORDER BY id");
        Assert.Equal(Change(node.Sink), Change(node.RunSpilling));
    }
}
