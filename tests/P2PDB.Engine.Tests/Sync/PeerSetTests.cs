namespace P2PDB.Engine.Tests.Sync;

/// <summary>Columns that merge as sets, of a database that two nodes share.</summary>
public sealed class PeerSetTests : IDisposable
{
    private readonly SqlPair _pair = new(
        """CREATE TABLE t (id INT PRIMARY KEY, tags JSON ENGINE_ATTRIBUTE '{"merge":"set"}', flags SET('x','y','z') ENGINE_ATTRIBUTE '{"merge":"set"}', w INT);"""
        + """INSERT INTO t VALUES (1, '["a", "b"]', 'x,y', 0)""");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Members_added_and_removed_apart_all_count()
    {
        Own("""UPDATE t SET tags = '["b", "c"]', flags = 'y'""");
        Guest("""UPDATE t SET tags = JSON_ARRAY_APPEND(tags, '$', 'd'), flags = 'x,y,z'""");
        _pair.Meet();

        _pair.AssertBoth("""["b", "d", "c"]|y,z""", "SELECT tags, flags FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Adding_again_wins_over_a_removal_apart()
    {
        Own("""UPDATE t SET tags = '["b"]', flags = 'y'""");
        Guest("""UPDATE t SET tags = '["b"]', flags = 'y'""");
        Guest("""UPDATE t SET tags = '["b", "a"]', flags = 'x,y'""");
        _pair.Meet();

        _pair.AssertBoth("""["b", "a"]|x,y""", "SELECT tags, flags FROM t");
        Own("UPDATE t SET tags = '[]', flags = ''");
        _pair.Meet();
        _pair.AssertBoth("[]|", "SELECT tags, flags FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_transaction_that_adds_and_removes_leaves_what_it_ends_with()
    {
        Own("""BEGIN; UPDATE t SET tags = '["c"]'; UPDATE t SET tags = '["c", "d", "a"]'; UPDATE t SET tags = '["d", "a"]'; COMMIT""");
        Guest("""UPDATE t SET tags = '["b"]'""");
        _pair.Meet();

        _pair.AssertBoth("""["d", "a"]""", "SELECT tags FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Rows_inserted_apart_have_the_members_of_both_and_a_new_row_has_its_own()
    {
        Own("""INSERT INTO t VALUES (2, '["a"]', 'x', 0)""");
        Guest("""INSERT INTO t VALUES (2, '["b"]', 'z', 0)""");
        _pair.Meet();
        _pair.AssertBoth("""["b", "a"]|x,z""", "SELECT tags, flags FROM t WHERE id = 2");

        Own("DELETE FROM t WHERE id = 2");
        Own("""INSERT INTO t VALUES (2, '["c"]', 'y', 0)""");
        Guest("""UPDATE t SET tags = '["b", "a", "e"]' WHERE id = 2""");
        _pair.Meet();
        _pair.AssertBoth("""["c"]|y""", "SELECT tags, flags FROM t WHERE id = 2");
        _pair.AssertSameState();
    }

    [Fact]
    public void Values_from_before_the_policy_merge_as_members_of_their_writer()
    {
        Own("""CREATE TABLE u (id INT PRIMARY KEY, v JSON); INSERT INTO u VALUES (1, '[1, 2, 3]')""");
        Own("""ALTER TABLE u MODIFY v JSON ENGINE_ATTRIBUTE '{"merge":"set"}'""");
        _pair.Meet();
        Own("UPDATE u SET v = '[1, 2, 4]'");
        Guest("UPDATE u SET v = '[2, 3, 5]'");
        _pair.Meet();

        _pair.AssertBoth("[2, 5, 4]", "SELECT v FROM u");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_row_from_before_the_policy_that_is_written_anew_begins_anew()
    {
        Own("CREATE TABLE u (id INT PRIMARY KEY, v JSON); INSERT INTO u VALUES (1, '[1, 2]'), (2, '[1, 2]')");
        Own("""ALTER TABLE u MODIFY v JSON ENGINE_ATTRIBUTE '{"merge":"set"}'""");
        _pair.Meet();
        Own("REPLACE INTO u VALUES (1, '[3]'); DELETE FROM u WHERE id = 2; INSERT INTO u VALUES (2, '[3]')");
        Guest("UPDATE u SET v = '[1, 2, 4]'");
        _pair.Meet();

        _pair.AssertBoth("1|[3]\n2|[3]", "SELECT id, v FROM u ORDER BY id");
        _pair.AssertSameState();
    }

    [Fact]
    public void Exact_decimals_are_members_with_all_their_digits()
    {
        Own("UPDATE t SET tags = JSON_ARRAY(1.10, 12345678901234567890.12)");
        Guest("UPDATE t SET tags = JSON_ARRAY(12345678901234567890.13)");
        _pair.Meet();

        _pair.AssertBoth("[12345678901234567890.13, 1.10, 12345678901234567890.12]", "SELECT tags FROM t");
        Own("UPDATE t SET tags = JSON_ARRAY(1.10)");
        _pair.Meet();
        _pair.AssertBoth("[1.10]", "SELECT tags FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Members_of_an_added_columns_default_are_removed_for_all()
    {
        Own("""ALTER TABLE t ADD COLUMN more SET('x','y','z') NOT NULL DEFAULT 'x,y' ENGINE_ATTRIBUTE '{"merge":"set"}'""");
        _pair.Meet();
        Own("UPDATE t SET more = 'y'");
        Guest("UPDATE t SET more = 'x,y,z'");
        _pair.Meet();

        _pair.AssertBoth("y,z", "SELECT more FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Only_arrays_and_NULL_are_sets_and_a_member_is_there_once()
    {
        Assert.Equal("error 1366", _pair.RunAtOwner("""UPDATE t SET tags = '{"a": 1}'"""));
        Assert.Equal("Error|1366|Incorrect JSON value for column 'tags': one with merge policy 'set' holds arrays", _pair.RunAtOwner("SHOW WARNINGS"));
        Assert.Equal("error 1366", _pair.RunAtOwner("INSERT IGNORE INTO t VALUES (3, '1', '', 0)"));

        Own("""UPDATE t SET tags = '["a", "a", 1, 1.0]'""");
        _pair.Meet();
        _pair.AssertBoth("""["a", 1, 1.0]""", "SELECT tags FROM t");
        Own("UPDATE t SET tags = NULL, flags = NULL");
        _pair.Meet();
        _pair.AssertBoth("NULL|NULL", "SELECT tags, flags FROM t");
    }

    private void Own(string sql) => Assert.Equal("", _pair.RunAtOwner(sql));

    private void Guest(string sql) => Assert.Equal("", _pair.RunAtGuest(sql));
}
