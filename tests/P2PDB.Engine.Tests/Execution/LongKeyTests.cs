using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>Keys that a tree cannot hold: errors for who writes here, and the same rows on every node whatever a peer writes.</summary>
public sealed class LongKeyTests : IDisposable
{
    /// <summary>U+FDFA: three bytes with the weights of eighteen letters.</summary>
    private const char Widest = '\uFDFA';

    private readonly List<Database> _nodes = [];

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    [Fact]
    public void Keys_fit_into_pages() => Assert.True(IndexKeys.LengthMax <= PageFormat.KeyLengthMax);

    [Fact]
    public void No_character_has_more_weights_than_keys_count_with()
    {
        using var key = new ByteWriter();
        byte[] text = new byte[4];
        foreach (Collation collation in Collation.All.DistinctBy(static collation => collation.GetType()))
        {
            for (int scalar = 0; scalar < 0x110000; scalar++)
            {
                if (!Rune.IsValid(scalar))
                    continue;
                int length = new Rune(scalar).EncodeToUtf8(text);
                key.Clear();
                KeyEncoder.AppendString(key, text.AsSpan(0, length), collation);
                if (key.Length - 3 > IndexKeys.GrowthMax * length)
                    Assert.Fail($"{collation}: U+{scalar:X} takes {key.Length - 3} bytes");
            }
        }
    }

    [Theory, InlineData(StoreKind.Memory), InlineData(StoreKind.File)]
    public void Who_writes_here_gets_an_error(StoreKind store)
    {
        using Session session = Open(store);
        Assert.Equal("error 1071", Run(session, "CREATE TABLE u (v VARCHAR(769), KEY (v))"));
        Assert.Equal("error 1071", Run(session, "CREATE TABLE u (a VARCHAR(400), b VARCHAR(400), PRIMARY KEY (a, b))"));
        Assert.Equal("error 1071", Run(session, "CREATE TABLE u (v TEXT, UNIQUE KEY (v(769)))"));
        Assert.Equal("", Run(session, "CREATE TABLE u (v TEXT, b VARBINARY(3072), KEY (v(768)), KEY (b))"));

        Assert.Equal("", Run(session, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(768), KEY v (v))"));
        Assert.Equal("error 1071", Run(session, "ALTER TABLE t MODIFY v VARCHAR(769)"));
        string widest = new(Widest, 300);
        Assert.Equal("error 1071", Run(session, $"INSERT INTO t VALUES (1, '{widest}')"));
        Assert.Equal("", Run(session, $"INSERT INTO t VALUES (1, '{new string('x', 768)}'), (2, NULL), (3, '{new string(Widest, 200)}')"));
        Assert.Equal("error 1071", Run(session, $"UPDATE t SET v = '{widest}' WHERE id = 2"));
        Assert.Equal("3", Run(session, "SELECT COUNT(*) FROM t"));

        Assert.Equal("", Run(session, $"DROP INDEX v ON t; INSERT INTO t VALUES (4, '{widest}')"));
        Assert.Equal("error 1071", Run(session, "CREATE INDEX v ON t (v)"));
        Assert.Equal("", Run(session, "CREATE INDEX v ON t (v(200))"));
        Assert.Equal("4", Run(session, $"SELECT id FROM t WHERE v = '{widest}'"));
    }

    [Fact]
    public void Unique_prefixes_are_looked_for_before_the_index_is_made()
    {
        using Session session = Open(StoreKind.Memory);
        Run(session, "CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'abc1'), (2, 'abc2')");

        Assert.Equal("error 1062", Run(session, "CREATE UNIQUE INDEX v ON t (v(3))"));
        Assert.Equal("", Run(session, "CREATE UNIQUE INDEX v ON t (v(4))"));
    }

    [Theory]
    [InlineData("CREATE INDEX v ON t (v)")]
    [InlineData("CREATE UNIQUE INDEX v ON t (v)")]
    public void A_peers_row_with_a_key_that_an_index_cannot_hold_is_shown_on_no_node_while_the_index_is_there(string definition)
    {
        foreach ((StoreKind store, bool isIndexFirst) in ((StoreKind, bool)[])
            [(StoreKind.Memory, true), (StoreKind.Memory, false), (StoreKind.File, true), (StoreKind.File, false)])
        {
            using Session session = Open(store);
            Run(session, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(768), KEY id (id, v(10)))");
            if (isIndexFirst)
                Run(session, definition);
            Assert.Equal(CommitStatus.Committed, Insert(1, new string(Widest, 768)));
            Assert.Equal(CommitStatus.Committed, Insert(2, "short"));
            if (!isIndexFirst)
                Assert.Equal(CommitStatus.Committed, Define(definition.Contains("UNIQUE", StringComparison.Ordinal)));

            Assert.Equal("2", Run(session, "SELECT id FROM t"));
            Assert.Equal("2", Run(session, "SELECT id FROM t FORCE INDEX (v) WHERE v > ''"));
            Assert.Equal("2", Run(session, "SELECT id FROM t WHERE id IN (1, 2)"));
            Run(session, "DROP INDEX v ON t");
            Assert.Equal("1\n2", Run(session, "SELECT id FROM t ORDER BY id"));
        }
    }

    [Theory, InlineData(StoreKind.Memory), InlineData(StoreKind.File)]
    public void A_peers_entry_with_a_longer_primary_key_has_no_effect(StoreKind store)
    {
        using Session session = Open(store);
        Run(session, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(768))");
        Run(session, "CREATE TABLE u (b VARBINARY(3072) PRIMARY KEY)");

        Assert.Equal(CommitStatus.Void, Insert(1, "x", new byte[IndexKeys.LengthMax + 1]));
        Assert.Equal(CommitStatus.Committed, Insert(2, "x", new byte[IndexKeys.LengthMax]));
        Assert.Equal("", Run(session, "SELECT id FROM t"));
        Assert.Equal("", Run(session, "INSERT INTO u VALUES (REPEAT(CHAR(0), 3072))"));
        Assert.Equal("3072", Run(session, "SELECT LENGTH(b) FROM u"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_peers_row_under_a_long_key_of_its_own_has_no_place_in_an_index_of_numbers(bool isUnique)
    {
        foreach (bool isIndexFirst in (bool[])[true, false])
        {
            using Session session = Open(StoreKind.File);
            Run(session, "CREATE TABLE t (id INT, v VARCHAR(768))");
            if (isIndexFirst)
                Assert.Equal(CommitStatus.Committed, Define(isUnique, column: 0));
            Assert.Equal(CommitStatus.Committed, Insert(1, "x", new byte[IndexKeys.LengthMax]));
            Assert.Equal(CommitStatus.Committed, Insert(2, "y", [1, 2, 3]));
            if (!isIndexFirst)
            {
                Assert.Equal("error 1071", Run(session, "CREATE INDEX i ON t (id)"));
                Assert.Equal(CommitStatus.Committed, Define(isUnique, column: 0));
            }

            Assert.Equal("2", Run(session, "SELECT id FROM t"));
            Assert.Equal("2", Run(session, "SELECT id FROM t FORCE INDEX (v) WHERE id > 0"));
        }
    }

    private Database Node => _nodes[^1];

    private TableSchema Table =>
        Node.Transactions.CurrentSchema.Find(Node.Transactions.Databases["app"])!.FindTable("t")!;

    private Session Open(StoreKind store)
    {
        _nodes.Add(Database.Open("", new DatabaseOptions
        {
            Volume = new MemoryVolume(new Random(1)),
            HasTicker = false,
            Seed = 1,
            Store = store,
            StoreMemory = 9 << 20,
        }));
        Session session = Node.OpenSession();
        Run(session, "CREATE DATABASE app; USE app");
        return session;
    }

    /// <summary>Commits a row past the checks of SQL, as a peer may that has other definitions.</summary>
    private CommitStatus Insert(int id, string text, byte[]? key = null)
    {
        TableSchema table = Table;
        var row = new TableRow(table);
        row.Columns.Column(0).SetInt64(0, id);
        row.Columns.Column(1).SetBytes(0, Encoding.UTF8.GetBytes(text));
        row.Encode();
        if (key is null)
            row.EncodeKey();
        using var changes = new ChangeSet();
        changes.Clear(new DatabaseId(Node.Transactions.Databases["app"]));
        LoggedColumn[] columns =
        [
            .. table.WriteLayout.Columns.Select(column => new LoggedColumn(column.Id, (byte)column.Code, column.Scale)),
        ];
        changes.Insert(changes.AddTable(table.Id, columns), key ?? row.Key, row.Image);
        return Commit(changes);
    }

    /// <summary>Commits the definition of the index, as a peer may that does not have the rows.</summary>
    private CommitStatus Define(bool isUnique, int column = 1)
    {
        using var payload = new ByteWriter();
        DefinitionWriter.WriteCreateIndex(payload, Table.Id, new IndexDefinition
        {
            Name = "v",
            Kind = isUnique ? IndexKind.Unique : IndexKind.Plain,
            Columns = [new IndexColumn(Table.Columns[column].Id)],
            Comment = "",
        });
        using var changes = new ChangeSet();
        changes.Clear(new DatabaseId(Node.Transactions.Databases["app"]));
        changes.Write((OpKind)DefinitionKind.CreateIndex, payload.Written);
        return Commit(changes);
    }

    private CommitStatus Commit(ChangeSet changes)
    {
        var request = new CommitRequest();
        request.Changes.Add(changes);
        return Node.Commits.Commit(request);
    }

    private static string Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }
}
