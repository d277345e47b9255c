using System.Collections.Immutable;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Tests.Sync;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Inspection;

/// <summary>p2pdb.conflicts lists what concurrent writes put aside, on both nodes alike, and no more once somebody who knew has decided.</summary>
public sealed class ConflictTableTests : IDisposable
{
    private const string Conflicts = "SELECT kind, table_name, row_key, subject, rule, lost_values, kept_row_key, kept_values FROM p2pdb.conflicts ORDER BY kind, row_key, time";

    private readonly SqlPair _pair = new(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(9)); CREATE TABLE u (id VARCHAR(9) PRIMARY KEY, code INT UNIQUE);"
        + "INSERT INTO t VALUES (1, 10, 'x'), (2, 20, 'y')");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void What_was_written_one_after_the_other_is_no_conflict()
    {
        Assert.Equal("", Own("UPDATE t SET a = 11; INSERT INTO u VALUES ('o', 1)"));
        Meet();
        Assert.Equal("", Guest("UPDATE t SET a = 12; DELETE FROM t WHERE id = 2; INSERT INTO u VALUES ('g', 2)"));
        Meet();
        Assert.Equal("", Own("INSERT INTO t VALUES (2, 1, 'z')"));
        Meet();

        Assert.Equal("", Own(Conflicts));
    }

    [Fact]
    public void Writes_of_different_columns_are_no_conflict()
    {
        Assert.Equal("", Own("UPDATE t SET a = 11"));
        Assert.Equal("", Guest("UPDATE t SET b = 'g'"));
        Meet();

        Assert.Equal("1|11|g\n2|20|y", Own("SELECT * FROM t WHERE id = 1 UNION SELECT 2, 20, 'y'"));
        Assert.Equal("", Own(Conflicts));
    }

    [Fact]
    public void A_write_that_lost_unseen_is_listed_until_somebody_who_knew_it_writes()
    {
        Assert.Equal("", Own("UPDATE t SET a = 11, b = 'o' WHERE id = 1"));
        Assert.Equal("", Guest("UPDATE t SET a = 12 WHERE id = 1"));
        Meet();

        Assert.Equal("lost write|t|1|NULL|later write|{\"a\": 11}|1|{\"a\": 12}", Own(Conflicts));
        Assert.Equal(
            Own("SELECT author_key FROM p2pdb.authors WHERE is_own"),
            Guest("SELECT c.author_key FROM p2pdb.conflicts c JOIN p2pdb.log l ON l.entry_id = c.entry_id AND l.seq = c.seq AND l.time = c.time"));
        Assert.Equal(
            Guest("SELECT author_key FROM p2pdb.authors WHERE is_own"),
            Own("SELECT c.kept_author_key FROM p2pdb.conflicts c JOIN p2pdb.log l ON l.entry_id = c.kept_entry_id AND l.time = c.kept_time"));

        Assert.Equal("", Own("UPDATE t SET a = 13 WHERE id = 1"));
        Meet();
        Assert.Equal("", Own(Conflicts));
    }

    [Fact]
    public void Columns_under_a_policy_lose_nothing()
    {
        Assert.Equal("", Own("CREATE TABLE p (id INT PRIMARY KEY, c INT, m INT, v INT); INSERT INTO p VALUES (1, 0, 0, 0)"));
        Meet();
        WriteByPolicy(_pair.Owner, delta: 5, max: 7, plain: 1);
        WriteByPolicy(_pair.Guest, delta: 3, max: 6, plain: 2);
        Meet();

        Assert.Equal("7|2", Own("SELECT m, v FROM p"));
        Assert.Equal("lost write|p|1|NULL|later write|{\"v\": 1}|1|{\"v\": 2}", Own(Conflicts));
        Assert.Equal(
            "{\"m\": 7, \"v\": 1, \"c total\": 5}\n{\"m\": 6, \"v\": 2, \"c total\": 3}",
            Own("SELECT changes FROM p2pdb.history WHERE table_name = 'p' AND operation = 'update' ORDER BY time"));
    }

    [Fact]
    public void A_delete_and_an_update_apart_are_listed_as_the_later_decides()
    {
        Assert.Equal("", Own("DELETE FROM t WHERE id = 1; UPDATE t SET a = 21 WHERE id = 2"));
        Assert.Equal("", Guest("UPDATE t SET a = 12 WHERE id = 1; DELETE FROM t WHERE id = 2"));
        Meet();

        Assert.Equal("1|12|x", Own("SELECT * FROM t"));
        Assert.Equal(
            "lost delete|t|1|NULL|later write|NULL|1|{\"a\": 12, \"b\": \"x\", \"id\": 1}\nlost to delete|t|2|NULL|later write|{\"a\": 21}|2|NULL",
            Own(Conflicts));
    }

    [Fact]
    public void Rows_that_UNIQUE_hides_are_listed_while_they_are_hidden()
    {
        Assert.Equal("", Own("INSERT INTO u VALUES ('own', 7), ('free', NULL)"));
        Assert.Equal("", Guest("INSERT INTO u VALUES ('guest', 7), ('other', 8)"));
        Meet();

        Assert.Equal(
            "hidden row|u|guest|code|unique|{\"id\": \"guest\", \"code\": 7}|own|{\"id\": \"own\", \"code\": 7}",
            Own(Conflicts));
        Assert.Equal(
            Guest("SELECT author_key FROM p2pdb.authors WHERE is_own"), Own("SELECT author_key FROM p2pdb.conflicts WHERE kind = 'hidden row' AND table_name = 'u'"));
        Assert.Equal("", Own("DELETE FROM u WHERE id = 'own'"));
        Assert.Equal("", Own("SELECT kind FROM p2pdb.conflicts WHERE kind LIKE 'hidden%'"));
    }

    [Fact]
    public void Names_that_were_set_aside_are_listed()
    {
        Assert.Equal("", Own("CREATE TABLE n (id INT PRIMARY KEY)"));
        Assert.Equal("", Guest("CREATE TABLE n (id VARCHAR(9) PRIMARY KEY); ALTER TABLE t ADD COLUMN c INT"));
        Assert.Equal("", Own("ALTER TABLE t ADD COLUMN c TEXT"));
        Meet();

        string aside = Own("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'n~%'");
        Assert.NotEqual("", aside);
        Assert.Equal(
            $"name set aside|{aside}|NULL|n|senior name|{{\"shown_as\": \"{aside}\"}}|NULL|NULL",
            Own("SELECT kind, table_name, row_key, subject, rule, lost_values, kept_row_key, kept_values FROM p2pdb.conflicts WHERE subject = 'n'"));
        Assert.Equal(
            Guest("SELECT author_key FROM p2pdb.authors WHERE is_own"), Own("SELECT author_key FROM p2pdb.conflicts WHERE subject = 'n'"));
        Assert.Equal(
            Own("SELECT author_key FROM p2pdb.authors WHERE is_own"), Own("SELECT kept_author_key FROM p2pdb.conflicts WHERE subject = 'n'"));
    }

    [Fact]
    public void Both_nodes_list_the_same()
    {
        Assert.Equal("", Own("UPDATE t SET a = a + 1, b = 'own'; INSERT INTO t VALUES (3, 3, 'own'); INSERT INTO u VALUES ('own', 1), ('two', 2)"));
        Assert.Equal("", Guest("UPDATE t SET a = a + 2 WHERE id = 2; INSERT INTO t VALUES (3, 4, 'guest'); DELETE FROM t WHERE id = 1; INSERT INTO u VALUES ('guest', 2), ('far', 1)"));
        Meet();

        const string All = "SELECT * FROM p2pdb.conflicts ORDER BY kind, row_key, entry_id";
        string listed = Own(All);
        Assert.Equal(listed, Guest(All));
        Assert.Equal("hidden row|2\nlost to delete|1\nlost write|2", Own("SELECT kind, COUNT(*) FROM p2pdb.conflicts GROUP BY kind ORDER BY kind"));
        Assert.Equal(
            Own("SELECT kind, row_key FROM (SELECT DISTINCT * FROM p2pdb.conflicts LIMIT 100) AS c WHERE table_name = 't' AND kind <> 'lost write' ORDER BY 1, 2"),
            Own("SELECT kind, row_key FROM p2pdb.conflicts WHERE table_name = 't' AND kind <> 'lost write' ORDER BY 1, 2"));
    }

    /// <summary>An update of the table p: a delta of the counter c, a greatest m, and a plain v.</summary>
    private void WriteByPolicy(Database database, int delta, int max, int plain)
    {
        _pair.Clock.Now += TimeSpan.FromSeconds(1);
        Hash256 id = database.Transactions.Databases["app"];
        TableSchema table = database.Transactions.CurrentSchema.Find(id)!.FindTable("p")!;
        ImmutableArray<StoredColumn> columns = table.WriteLayout.Columns;
        using var marks = new ByteWriter();
        CellMarks.Write(
            marks,
            [
                new CellMark { Position = 1, Column = columns[1], Lane = new Lane(0, MergePolicy.Counter), HasValue = false, Total = new ExactNumber(delta, 0) },
                new CellMark { Position = 2, Column = columns[2], Lane = new Lane(0, MergePolicy.Max), HasValue = true },
            ]);
        using var image = new ByteWriter();
        var values = new RowImageWriter(LayoutFactory.Create([columns[2], columns[3]]), image);
        values.SetInt64(0, max);
        values.SetInt64(1, plain);
        values.Finish();
        using var key = new ByteWriter();
        KeyEncoder.AppendInt64(key, 1, isUnsigned: false);

        using var changes = new ChangeSet();
        changes.Clear(new DatabaseId(id));
        int directory = changes.AddTable(table.Id, [.. columns.Select(column => new LoggedColumn(column.Id, (byte)column.Code, column.Scale))]);
        changes.UpdateMarked(directory, key.Written, [0b1100], 1, marks.Written, image.Written);
        var request = new CommitRequest();
        request.Changes.Add(changes);
        Assert.Equal(CommitStatus.Committed, database.Commits.Commit(request));
    }

    private void Meet() => _pair.Meet();

    private string Own(string sql) => _pair.RunAtOwner(sql);

    private string Guest(string sql) => _pair.RunAtGuest(sql);
}
