namespace P2PDB.Engine.Tests.Sync;

/// <summary>Columns that keep all concurrent values, of a database that two nodes share.</summary>
public sealed class PeerValuesTests : IDisposable
{
    private const string Listed = "SELECT table_name, row_key, subject, rule, lost_values, kept_values FROM p2pdb.conflicts WHERE kind = 'concurrent value' ORDER BY row_key, subject";

    private readonly SqlPair _pair = new(
        """CREATE TABLE t (id INT PRIMARY KEY, v INT ENGINE_ATTRIBUTE '{"merge":"mv"}', d JSON ENGINE_ATTRIBUTE '{"merge":"mv"}', w INT);"""
        + "INSERT INTO t (id, v) VALUES (1, 10)");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Concurrent_values_are_all_kept_and_the_later_one_shows()
    {
        Own("UPDATE t SET v = 1");
        Guest("UPDATE t SET v = 2, w = 5");
        _pair.Meet();

        _pair.AssertBoth("2", "SELECT v FROM t");
        _pair.AssertBoth("""t|1|v|mv|{"v": 1}|{"v": 2}""", Listed);
        _pair.AssertSameState();
    }

    [Fact]
    public void A_write_takes_the_place_of_what_its_writer_saw()
    {
        Own("UPDATE t SET v = 1");
        Guest("UPDATE t SET v = 2");
        _pair.Meet();
        Own("UPDATE t SET v = 3");
        _pair.Meet();

        _pair.AssertBoth("3", "SELECT v FROM t");
        _pair.AssertBoth("", Listed);

        Guest("UPDATE t SET v = 4");
        Own("UPDATE t SET w = 1");
        _pair.Meet();
        _pair.AssertBoth("4", "SELECT v FROM t");
        _pair.AssertBoth("", Listed);
        _pair.AssertSameState();
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("2", "2")]
    [InlineData("7", "7")]
    [InlineData("NULL", "NULL")]
    public void Who_resolves_chooses_any_value_and_ends_the_conflict(string value, string expected)
    {
        Own("UPDATE t SET v = 1");
        Guest("UPDATE t SET v = 2");
        _pair.Meet();
        Guest($"CALL p2pdb.resolve('app.t', 'v', {value}, 1)");
        _pair.Meet();

        _pair.AssertBoth(expected, "SELECT v FROM t");
        _pair.AssertBoth("", Listed);
        _pair.AssertSameState();
    }

    [Fact]
    public void A_value_that_who_resolved_had_not_seen_stays()
    {
        Own("UPDATE t SET v = 1");
        Guest("UPDATE t SET v = 2");
        _pair.Meet();
        Guest("CALL p2pdb.resolve('t', 'v', 1, 1)");
        Own("UPDATE t SET v = 3");
        _pair.Meet();

        _pair.AssertBoth("3", "SELECT v FROM t");
        _pair.AssertBoth("""t|1|v|mv|{"v": 1}|{"v": 3}""", Listed);
    }

    [Fact]
    public void Rows_inserted_apart_keep_both_values()
    {
        Own("""INSERT INTO t (id, d) VALUES (2, '{"a": 1}')""");
        Guest("INSERT INTO t (id, d) VALUES (2, '[1]')");
        _pair.Meet();

        _pair.AssertBoth("[1]", "SELECT d FROM t WHERE id = 2");
        _pair.AssertBoth("""t|2|d|mv|{"d": {"a": 1}}|{"d": [1]}""", Listed + ", 1 LIMIT 1");
        Own("DELETE FROM t WHERE id = 2");
        _pair.Meet();
        _pair.AssertBoth("", Listed);
    }

    [Fact]
    public void Resolving_obeys_transactions_and_says_what_is_wrong()
    {
        Own("BEGIN; CALL p2pdb.resolve('t', 'v', 8, 1); ROLLBACK");
        Assert.Equal("10", _pair.RunAtOwner("SELECT v FROM t"));

        Assert.Equal("error 1105", _pair.RunAtOwner("CALL p2pdb.resolve('t', 'w', 8, 1)"));
        Assert.Equal("Error|1105|p2pdb.resolve: column 'w' does not keep several values", _pair.RunAtOwner("SHOW WARNINGS"));
        Assert.Equal("error 1032", _pair.RunAtOwner("CALL p2pdb.resolve('t', 'v', 8, 9)"));
        Assert.Equal("error 1366", _pair.RunAtOwner("CALL p2pdb.resolve('t', 'v', 'x', 1)"));
    }

    private void Own(string sql) => Assert.Equal("", _pair.RunAtOwner(sql));

    private void Guest(string sql) => Assert.Equal("", _pair.RunAtGuest(sql));
}
