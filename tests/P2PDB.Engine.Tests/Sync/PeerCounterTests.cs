using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>Counters that only grow, and counters with a least value, of a database that two nodes share.</summary>
public sealed class PeerCounterTests : IDisposable
{
    private readonly SqlPair _pair = new(
        """CREATE TABLE t (id INT PRIMARY KEY, seen INT ENGINE_ATTRIBUTE '{"merge":"counter","grow":true}',"""
        + """ stock INT ENGINE_ATTRIBUTE '{"merge":"counter","min":0}', money DECIMAL(6,2) ENGINE_ATTRIBUTE '{"merge":"counter","min":0}', note INT);"""
        + "INSERT INTO t (id, seen, stock, money) VALUES (1, 10, 10, 1.50)");

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("seen = seen + 5", "seen = seen + 3", "seen", "18")]
    [InlineData("seen = 15", "seen = 12", "seen", "17")]
    [InlineData("stock = stock - 4", "stock = stock + 2", "stock", "8")]
    [InlineData("stock = 3", "stock = 12", "stock", "5")]
    [InlineData("stock = 0", "note = 1", "stock", "0")]
    [InlineData("money = money - 1.25", "money = money + 0.5", "money", "0.75")]
    public void Changes_made_apart_add_up(string own, string guest, string column, string expected)
    {
        Own($"UPDATE t SET {own} WHERE id = 1");
        Guest($"UPDATE t SET {guest} WHERE id = 1");

        AssertBoth($"SELECT {column} FROM t WHERE id = 1", expected);
    }

    [Theory]
    [InlineData("UPDATE t SET seen = seen - 1", "Out of range value for column 'seen': a counter with \"grow\" takes no less")]
    [InlineData("UPDATE IGNORE t SET seen = 9", "Out of range value for column 'seen': a counter with \"grow\" takes no less")]
    [InlineData("UPDATE t SET seen = NULL", "Out of range value for column 'seen': a counter with \"grow\" or \"min\" does not become NULL")]
    [InlineData("INSERT INTO t (id, seen) VALUES (2, -1)", "Out of range value for column 'seen': a counter with \"grow\" or \"min\" does not begin below 0")]
    [InlineData("INSERT INTO t (id, stock) VALUES (1, 1) ON DUPLICATE KEY UPDATE stock = stock - 11",
        "Out of range value for column 'stock': this node has the rights to take 10; who holds others is in p2pdb.rights and can pass them on by CALL p2pdb.pass_rights")]
    public void What_a_bound_forbids_is_an_error(string statement, string message)
    {
        AssertRefused(_pair.RunAtOwner, statement);
        Assert.Equal($"Error|1264|{message}", _pair.RunAtOwner("SHOW WARNINGS"));
        _pair.AssertBoth("1|10|10|1.50|NULL", "SELECT * FROM t");
    }

    [Fact]
    public void A_node_takes_only_what_it_has_the_rights_to()
    {
        AssertRefused(_pair.RunAtGuest, "UPDATE t SET stock = stock - 1");
        Guest("UPDATE t SET stock = stock + 2");
        AssertRefused(_pair.RunAtGuest, "UPDATE t SET stock = stock - 3");
        Guest("UPDATE t SET stock = stock - 2");
        Own("UPDATE t SET stock = stock - 10");

        AssertBoth("SELECT stock FROM t", "0");
    }

    [Fact]
    public void Rights_are_passed_on()
    {
        string guest = _pair.RunAtGuest("SELECT author_key FROM p2pdb.authors WHERE is_own");
        Own($"CALL p2pdb.pass_rights('app.t', 'stock', '{guest}', 4, 1)");
        AssertRefused(_pair.RunAtOwner, "UPDATE t SET stock = stock - 7");
        Own("UPDATE t SET stock = stock - 6");
        _pair.Meet();

        _pair.AssertBoth("t|1|0\nt|1|4", "SELECT table_name, row_key, rights FROM p2pdb.rights WHERE column_name = 'stock' ORDER BY rights");
        Assert.Equal("4", _pair.RunAtGuest("SELECT rights FROM p2pdb.rights WHERE column_name = 'stock' AND is_own"));
        Guest("UPDATE t SET stock = stock - 4");
        AssertBoth("SELECT stock FROM t", "0");
    }

    [Theory]
    [InlineData("'app.t', 'note', '{0}', 1, 1", "1105|p2pdb.pass_rights: column 'note' is no counter with \"min\"")]
    [InlineData("'app.t', 'stock', '{0}', 0, 1", "1105|p2pdb.pass_rights: the amount is no number above 0 that the column can have")]
    [InlineData("'app.t', 'stock', '{0}', 1.5, 1", "1105|p2pdb.pass_rights: the amount is no number above 0 that the column can have")]
    [InlineData("'app.t', 'stock', 'x', 1, 1", "1105|p2pdb.pass_rights: the author is no member of the database (p2pdb.authors)")]
    [InlineData("'app.t', 'stock', '{1}', 1, 1", "1105|p2pdb.pass_rights: the author is this node's own")]
    [InlineData("'app.t', 'stock', '{0}', 1, 7", "1032|Can't find record in 't'")]
    [InlineData("'app.t', 'none', '{0}', 1, 1", "1054|Unknown column 'none' in 't'")]
    [InlineData("'app.none', 'stock', '{0}', 1, 1", "1146|Table 'app.none' doesn't exist")]
    public void What_cannot_be_passed_on_is_an_error(string arguments, string error)
    {
        string guest = _pair.RunAtGuest("SELECT author_key FROM p2pdb.authors WHERE is_own");
        string own = _pair.RunAtOwner("SELECT author_key FROM p2pdb.authors WHERE is_own");

        Assert.StartsWith("error ", _pair.RunAtOwner($"CALL p2pdb.pass_rights({string.Format(System.Globalization.CultureInfo.InvariantCulture, arguments, guest, own)})"), StringComparison.Ordinal);
        Assert.Equal("Error|" + error, _pair.RunAtOwner("SHOW WARNINGS"));
    }

    [Fact]
    public void Rights_are_part_of_a_transaction()
    {
        string guest = _pair.RunAtGuest("SELECT author_key FROM p2pdb.authors WHERE is_own");
        Own($"BEGIN; CALL p2pdb.pass_rights('t', 'stock', '{guest}', 4, 1); UPDATE t SET stock = stock - 6");
        AssertRefused(_pair.RunAtOwner, "UPDATE t SET stock = stock - 1");
        Own("ROLLBACK; UPDATE t SET stock = stock - 10");

        AssertBoth("SELECT stock FROM t", "0");
    }

    [Fact]
    public void A_value_from_before_the_policy_is_its_writers_and_counts_once()
    {
        Own("CREATE TABLE w (id INT PRIMARY KEY, n INT); INSERT INTO w VALUES (1, 10)");
        Own("""ALTER TABLE w MODIFY n INT ENGINE_ATTRIBUTE '{"merge":"counter","min":0}'""");
        _pair.Meet();

        Guest("UPDATE w SET n = n + 5");
        Own("UPDATE w SET n = n - 3");
        AssertBoth("SELECT n FROM w", "12");
        AssertRefused(_pair.RunAtGuest, "UPDATE w SET n = n - 6");
        Guest("UPDATE w SET n = n - 5");
        Own("UPDATE w SET n = n - 7");
        AssertBoth("SELECT n FROM w", "0");
    }

    [Fact]
    public void A_row_that_is_inserted_again_counts_anew()
    {
        Own("UPDATE t SET stock = stock - 3; REPLACE INTO t (id, seen, stock) VALUES (1, 2, 5)");
        Guest("UPDATE t SET seen = seen + 1, stock = stock + 7");

        AssertBoth("SELECT seen, stock FROM t", "2|5");
    }

    [Fact]
    public void A_counter_that_a_liar_overdrew_shows_nothing_and_begins_anew()
    {
        Lie(_pair.Guest, CounterRights.None with { Used = new ExactNumber(99, 0) });
        AssertBoth("SELECT stock FROM t", "0");

        Own("UPDATE t SET stock = stock + 3");
        AssertBoth("SELECT stock FROM t", "3");
        AssertRefused(_pair.RunAtGuest, "UPDATE t SET stock = stock - 1");
    }

    [Fact]
    public void A_liar_takes_nothing_back()
    {
        Guest("UPDATE t SET stock = stock + 5");
        Lie(_pair.Guest, CounterRights.None.With(GrantForm.Made, default, new ExactNumber(1, 0)));

        AssertBoth("SELECT stock FROM t", "15");
    }

    /// <summary>Commits at a node what no statement writes: what its author says it did to the stock.</summary>
    private void Lie(Database database, CounterRights rights)
    {
        _pair.Clock.Now += TimeSpan.FromSeconds(1);
        Hash256 id = database.Transactions.Databases["app"];
        TableSchema table = database.Transactions.CurrentSchema.Find(id)!.FindTable("t")!;
        StoredColumn[] columns = [.. table.WriteLayout.Columns];
        using var marks = new ByteWriter();
        CellMarks.Write(marks,
            [new CellMark { Position = 2, Column = columns[2], Lane = new Lane(0, MergePolicy.BoundedCounter), HasValue = false, Rights = rights }]);
        using var key = new ByteWriter();
        KeyEncoder.AppendInt64(key, 1, isUnsigned: false);
        using var changes = new ChangeSet();
        changes.Clear(new DatabaseId(id));
        int directory = changes.AddTable(table.Id, Array.ConvertAll(columns, column => new LoggedColumn(column.Id, (byte)column.Code, column.Scale)));
        changes.UpdateMarked(directory, key.Written, [0], 2, marks.Written, []);
        var request = new CommitRequest();
        request.Changes.Add(changes);
        Assert.Equal(CommitStatus.Committed, database.Commits.Commit(request));
    }

    private static void AssertRefused(Func<string, string> node, string statement) => Assert.Equal("error 1264", node(statement));

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
