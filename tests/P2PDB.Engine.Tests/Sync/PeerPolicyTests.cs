namespace P2PDB.Engine.Tests.Sync;

/// <summary>Columns with merge policies of a database that two nodes share: what statements log, and what both show once they meet.</summary>
public sealed class PeerPolicyTests : IDisposable
{
    private readonly SqlPair _pair = new(
        """CREATE TABLE t (id INT PRIMARY KEY, first INT ENGINE_ATTRIBUTE '{"merge":"fww"}', best INT ENGINE_ATTRIBUTE '{"merge":"max"}',"""
        + """ least VARCHAR(9) ENGINE_ATTRIBUTE '{"merge":"min"}', n TINYINT UNSIGNED ENGINE_ATTRIBUTE '{"merge":"counter"}',"""
        + """ money DECIMAL(6,2) ENGINE_ATTRIBUTE '{"merge":"counter"}', note VARCHAR(9));"""
        + """CREATE TABLE r (id INT PRIMARY KEY, a INT, b INT) ENGINE_ATTRIBUTE '{"merge":"row"}';"""
        + "INSERT INTO t (id, best, least, n, money) VALUES (1, 5, 'm', 10, 1.50); INSERT INTO r VALUES (1, 1, 1)");

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("first = 1", "first = 2", "first", "1")]
    [InlineData("best = 7", "best = 6", "best", "7")]
    [InlineData("best = 6", "best = 7", "best", "7")]
    [InlineData("least = 'B'", "least = 'a'", "least", "a")]
    [InlineData("n = n + 5", "n = n - 3", "n", "12")]
    [InlineData("n = 5 + n", "n = n + 1 + 1", "n", "17")]
    [InlineData("n = 100", "n = n + 1", "n", "101")]
    [InlineData("n = n + 1", "n = 100", "n", "101")]
    [InlineData("n = n - 7", "n = n - 8", "n", "0")]
    [InlineData("n = n + 200", "n = n + 100", "n", "255")]
    [InlineData("money = money + 0.25", "money = money - 3", "money", "-1.25")]
    [InlineData("money = money + 9990", "money = money + 9990", "money", "9999.99")]
    [InlineData("note = 'x'", "note = 'y'", "note", "y")]
    public void Changes_made_apart_merge_by_the_policy(string own, string guest, string column, string expected)
    {
        Own($"UPDATE t SET {own} WHERE id = 1");
        Guest($"UPDATE t SET {guest} WHERE id = 1");

        AssertBoth($"SELECT {column} FROM t WHERE id = 1", expected);
    }

    [Fact]
    public void What_a_counter_could_not_show_is_not_lost()
    {
        Own("UPDATE t SET n = n - 7 WHERE id = 1");
        Guest("UPDATE t SET n = n - 8 WHERE id = 1");
        AssertBoth("SELECT n FROM t WHERE id = 1", "0");

        Own("UPDATE t SET n = n + 6 WHERE id = 1");
        AssertBoth("SELECT n FROM t WHERE id = 1", "1");
    }

    [Fact]
    public void Rows_that_two_nodes_insert_merge_by_column()
    {
        Own("INSERT INTO t VALUES (2, 1, 1, 'b', 1, 1, 'own')");
        Guest("INSERT INTO t VALUES (2, 2, 2, 'a', 2, 2, 'guest')");

        AssertBoth("SELECT * FROM t WHERE id = 2", "2|1|2|a|2|2.00|guest");
    }

    [Fact]
    public void A_write_without_effect_changes_nothing_and_says_so()
    {
        Own("UPDATE t SET best = 4, note = 'n' WHERE id = 1");

        Assert.Equal("Note|1105|Column 'best' keeps the value it has, by its merge policy", _pair.RunAtOwner("SHOW WARNINGS"));
        AssertBoth("SELECT best, note FROM t WHERE id = 1", "5|n");
    }

    [Fact]
    public void A_row_that_is_inserted_again_has_nothing_of_its_former_life()
    {
        Guest("UPDATE t SET n = n + 100 WHERE id = 1");
        _pair.Meet();
        Own("BEGIN; UPDATE t SET n = n + 1 WHERE id = 1; DELETE FROM t WHERE id = 1; INSERT INTO t (id, best, n) VALUES (1, 2, 3); UPDATE t SET n = n + 1; COMMIT");
        Guest("UPDATE t SET best = 50, n = n + 7 WHERE id = 1");

        AssertBoth("SELECT best, n FROM t WHERE id = 1", "2|4");
    }

    [Fact]
    public void Many_changes_of_one_transaction_count_once_each()
    {
        Own("BEGIN; UPDATE t SET n = n + 1; SAVEPOINT s; UPDATE t SET n = n + 50; ROLLBACK TO s; UPDATE t SET n = n + 2; UPDATE t SET n = 20; UPDATE t SET n = n + 3; COMMIT");
        Guest("INSERT INTO t (id, n) VALUES (1, 9) ON DUPLICATE KEY UPDATE n = n + VALUES(n)");

        AssertBoth("SELECT n FROM t WHERE id = 1", "32");
    }

    [Fact]
    public void A_policy_that_is_altered_counts_for_writes_from_then_on()
    {
        Own("""ALTER TABLE t MODIFY note VARCHAR(9) ENGINE_ATTRIBUTE '{"merge":"max"}', MODIFY best INT""");
        Guest("UPDATE t SET best = 99, note = 'zzz' WHERE id = 1");
        Own("UPDATE t SET best = 1, note = 'b' WHERE id = 1");
        AssertBoth("SELECT best, note FROM t WHERE id = 1", "1|b");

        Own("UPDATE t SET best = 0, note = 'd' WHERE id = 1");
        Guest("UPDATE t SET best = 3, note = 'c' WHERE id = 1");
        AssertBoth("SELECT best, note FROM t WHERE id = 1", "3|d");
    }

    [Fact]
    public void A_row_as_one_register_is_the_later_writers()
    {
        Own("UPDATE r SET a = 2");
        Guest("UPDATE r SET b = 3");

        AssertBoth("SELECT * FROM r", "1|1|3");
    }

    [Fact]
    public void TRUNCATE_takes_back_what_was_written_before_it_and_nothing_later()
    {
        Guest("UPDATE t SET best = 50, n = n + 5 WHERE id = 1");
        Own("TRUNCATE TABLE t");
        Guest("REPLACE INTO t (id, best, n) VALUES (1, 40, 5)");

        AssertBoth("SELECT best, n FROM t", "40|5");
    }

    private void Own(string sql) => Assert.Equal("", _pair.RunAtOwner(sql));

    private void Guest(string sql) => Assert.Equal("", _pair.RunAtGuest(sql));

    /// <summary>The nodes meet, show the same, and have the same state.</summary>
    private void AssertBoth(string query, string expected)
    {
        _pair.Meet();
        _pair.AssertBoth(expected, query);
        _pair.AssertSameState();
    }
}
