namespace P2PDB.Engine.Tests.Sync;

/// <summary>Tables of rows that stay, shared by two nodes that write apart.</summary>
public sealed class PeerAppendTests : IDisposable
{
    private const string Append = """ENGINE_ATTRIBUTE='{"merge":"append"}'""";

    private readonly SqlPair _pair = new(
        $"CREATE TABLE s (id INT PRIMARY KEY, code INT UNIQUE, v INT) {Append}; CREATE TABLE t (id INT PRIMARY KEY, v INT)");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Of_two_rows_of_one_key_the_first_stays()
    {
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO s VALUES (1, NULL, 10)"));
        Assert.Equal("", _pair.RunAtGuest("INSERT INTO s VALUES (1, NULL, 20)"));
        _pair.Meet();

        _pair.AssertBoth("10", "SELECT v FROM s");
        _pair.AssertBoth("error 1290", "UPDATE s SET v = 30");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_row_that_was_changed_apart_before_its_table_got_the_policy_keeps_the_change()
    {
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO t VALUES (1, 1), (2, 2)"));
        _pair.Meet();
        Assert.Equal("", _pair.RunAtOwner($"ALTER TABLE t {Append}; INSERT INTO t VALUES (3, 3)"));
        Assert.Equal("", _pair.RunAtGuest("UPDATE t SET v = 9 WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (3, 4); UPDATE t SET v = 5 WHERE id = 3"));
        _pair.Meet();

        _pair.AssertBoth("1|9;3|3", "SELECT GROUP_CONCAT(id, '|', v ORDER BY id SEPARATOR ';') FROM t");
        _pair.AssertBoth("error 1290", "DELETE FROM t WHERE id = 1");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_truncate_apart_leaves_what_was_appended()
    {
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO t VALUES (1, 1)"));
        _pair.Meet();
        Assert.Equal("", _pair.RunAtOwner($"ALTER TABLE t {Append}; INSERT INTO t VALUES (2, 2)"));
        Assert.Equal("", _pair.RunAtGuest("TRUNCATE TABLE t"));
        _pair.Meet();

        _pair.AssertBoth("2|2", "SELECT * FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void The_key_of_a_row_that_lost_a_unique_key_stays_taken()
    {
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO s VALUES (1, 7, 10)"));
        Assert.Equal("", _pair.RunAtGuest("INSERT INTO s VALUES (2, 7, 20)"));
        _pair.Meet();
        string hidden = _pair.RunAtOwner("SELECT 3 - id FROM s");

        _pair.AssertBoth("1", "SELECT COUNT(*) FROM s");
        _pair.AssertBoth("error 1062", $"INSERT INTO s VALUES ({hidden}, 8, 30)");
        _pair.AssertBoth("error 1062", $"REPLACE INTO s VALUES ({hidden}, 8, 30)");
        _pair.AssertBoth("error 1062", $"INSERT INTO s VALUES ({hidden}, 8, 30) ON DUPLICATE KEY UPDATE v = 1");
        _pair.AssertSameState();

        // It stays when the table is one of ordinary rows again: what was appended does.
        Assert.Equal("", _pair.RunAtOwner("ALTER TABLE s ENGINE_ATTRIBUTE ''; INSERT INTO s VALUES (9, 9, 9)"));
        _pair.Meet();
        _pair.AssertBoth("error 1062", $"INSERT INTO s VALUES ({hidden}, 8, 30)");
        _pair.AssertBoth("error 1062", $"UPDATE s SET id = {hidden} WHERE id = 9");
    }
}
