using System.Collections.Immutable;
using System.Text;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>
/// A node with rows in pages starts from its last checkpoint and applies what the log has beyond it. Whatever was done before and
/// after, it then has what a node has that makes all its rows anew from the same log.
/// </summary>
public sealed class StoreRecoveryTests : IDisposable
{
    private readonly MemoryVolume _volume = new(new Random(1));
    private Database _database;
    private Session _session;

    public StoreRecoveryTests() => (_database, _session) = Open(_volume);

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
        _volume.Dispose();
    }

    [Fact]
    public void Only_entries_beyond_the_checkpoint_are_applied()
    {
        Run("CREATE DATABASE app; USE app; CREATE TABLE t (a INT PRIMARY KEY, b INT, KEY (b))");
        for (int i = 0; i < 50; i++)
            Run($"INSERT INTO t VALUES ({i}, {i % 7})");
        _database.MakeCheckpoint();
        Run("INSERT INTO t VALUES (100, 3); UPDATE t SET b = 3 WHERE a = 1; DELETE FROM t WHERE a = 3");
        Kill();

        Assert.Equal(3, Assert.Single(_database.Log.Databases).BeyondMark().Count());
        AssertRebuiltSame();
        Assert.Equal("8", Run("SELECT COUNT(*) FROM app.t WHERE b = 3"));
    }

    [Fact]
    public void A_clean_end_leaves_nothing_to_apply()
    {
        Run("CREATE DATABASE app; USE app; CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
        End();
        Start();

        Assert.Empty(Assert.Single(_database.Log.Databases).BeyondMark());
        AssertRebuiltSame();
        Assert.Equal("2", Run("SELECT COUNT(*) FROM app.t"));
    }

    [Fact]
    public void Definitions_counters_and_hidden_rows_come_back()
    {
        Run("CREATE DATABASE app; USE app");
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) DEFAULT 'x', UNIQUE KEY (name)) COMMENT 'c'");
        Run("INSERT INTO t (name) VALUES ('a'), ('b'), ('c'); ALTER TABLE t ADD COLUMN n DECIMAL(10, 2) DEFAULT 1.50 AFTER id");
        Run("ALTER TABLE t MODIFY name VARCHAR(40); INSERT INTO t (name, n) VALUES ('d', 2); DELETE FROM t WHERE name = 'd'");
        Run("CREATE VIEW v AS SELECT name FROM t WHERE n > 1; CREATE TABLE gone (a INT); INSERT INTO gone VALUES (1); DROP TABLE gone");
        string definition = Run("SHOW CREATE TABLE t");
        _database.MakeCheckpoint();
        Kill();

        AssertRebuiltSame();
        Run("USE app");
        Assert.Equal(definition, Run("SHOW CREATE TABLE t"));
        Assert.Equal("a\nb\nc", Run("SELECT name FROM v ORDER BY name"));
        Assert.Equal("error 1062", Run("INSERT INTO t (name) VALUES ('a')"));
        Run("INSERT INTO t (name) VALUES ('e')");
        // 4 was given out, to a row that was deleted.
        Assert.Equal("1", Run("SELECT id > 4 FROM t WHERE name = 'e'"));
        AssertRebuiltSame();
    }

    [Fact]
    public void Definitions_beyond_the_checkpoint_change_trees_that_it_kept()
    {
        Run("CREATE DATABASE app; USE app; CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(9), c INT, KEY (c))");
        Run("INSERT INTO t VALUES (1, 'x', 5), (2, 'y', 6), (3, 'z', 5)");
        _database.MakeCheckpoint();
        Run("CREATE UNIQUE INDEX u ON t (b); DROP INDEX c ON t; CREATE INDEX d ON t (c, b); TRUNCATE t; INSERT INTO t VALUES (9, 'x', 7)");
        Kill();

        AssertRebuiltSame();
        Assert.Equal("9|x|7", Run("SELECT * FROM app.t WHERE c = 7"));
        Assert.Equal("error 1062", Run("INSERT INTO app.t VALUES (10, 'x', 7)"));
    }

    [Fact]
    public void A_database_that_was_dropped_since_is_gone_and_its_name_is_free()
    {
        Run("CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY); INSERT INTO app.t VALUES (1)");
        Run("CREATE DATABASE other; CREATE TABLE other.t (a INT PRIMARY KEY); INSERT INTO other.t VALUES (7)");
        _database.MakeCheckpoint();
        Run("DROP DATABASE app; CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY, b INT)");
        Kill();

        AssertRebuiltSame();
        Assert.Equal("0", Run("SELECT COUNT(*) FROM app.t WHERE b IS NULL"));
        Assert.Equal("7", Run("SELECT * FROM other.t"));
    }

    [Fact]
    public void Rows_of_entries_that_the_log_lost_are_made_anew()
    {
        Run("CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY); INSERT INTO app.t VALUES (1)");
        MemoryVolume backup = _volume.Copy(new Random(2));
        Run("INSERT INTO app.t VALUES (2)");
        _database.MakeCheckpoint();
        Kill();
        End();
        // The log of the backup, with pages that are newer.
        foreach (string name in backup.List("pages"))
            backup.Delete($"pages/{name}");
        backup.CreateDirectory("pages");
        foreach (string name in _volume.List("pages"))
            backup.Replace($"pages/{name}", _volume.TryReadAll($"pages/{name}")!);
        using Database restored = Database.Open("", Options(backup, StoreKind.File));
        using Session session = restored.OpenSession();

        Assert.Null(Assert.Single(restored.Log.Databases).Mark);
        Assert.Equal("1", Run(session, "SELECT * FROM app.t"));
    }

    [Fact]
    public void Rows_are_made_anew_once_operations_are_known_that_were_not()
    {
        Run("CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY); INSERT INTO app.t VALUES (1)");
        DatabaseId app = Assert.Single(_database.Log.Databases).Id;
        _database.Commits.CommitAccess(app, static (_, _, changes) => changes.Write((OpKind)200, [1]));
        _database.MakeCheckpoint();
        Kill();
        Assert.NotNull(_database.Log.Find(app)!.Mark);

        _volume.Kill();
        End();
        // As a version wrote it that did not know INSERT.
        _volume.Restart();
        StoreManifest manifest = PageStore.ReadManifest(_volume)!;
        Assert.True(RecoveryPoint.TryRead(manifest.Owner, out RecoveryPoint point));
        DatabasePoint database = Assert.Single(point.Databases);
        ImmutableArray<byte> fewer = OpKinds.Known.SetItem(0, (byte)(OpKinds.Known[0] & ~(1 << (int)OpKind.Insert)));
        point = point with { Databases = [database with { Log = database.Log with { KnownKinds = fewer } }] };
        _volume.Replace(PageStore.ManifestPath, (manifest with { Owner = point.ToBytes() }).ToBytes());
        Start();

        Assert.Null(_database.Log.Find(app)!.Mark);
        AssertRebuiltSame();
        Assert.Equal("1", Run("SELECT * FROM app.t"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_work_with_checkpoints_and_kills_ends_as_the_log_says(int seed)
    {
        var dice = new Random(seed);
        Run("CREATE DATABASE app; CREATE TABLE app.t (a INT PRIMARY KEY, b INT, c VARCHAR(200), UNIQUE KEY (b), KEY (c))");
        for (int step = 0; step < 300; step++)
        {
            int key = dice.Next(60);
            Run(dice.Next(12) switch
            {
                < 5 => $"REPLACE INTO app.t VALUES ({key}, {dice.Next(60)}, REPEAT('{(char)('a' + dice.Next(26))}', {dice.Next(200)}))",
                < 8 => $"UPDATE app.t SET c = CONCAT(c, '!') WHERE a BETWEEN {key} AND {key + 5}",
                < 10 => $"DELETE FROM app.t WHERE b = {key}",
                10 => $"ALTER TABLE app.t ADD COLUMN x{step} INT DEFAULT {step}",
                _ => $"CREATE INDEX i{step} ON app.t (b, a)",
            });
            if (dice.Next(20) == 0)
                _database.MakeCheckpoint();
            if (dice.Next(40) == 0)
                Kill();
        }

        Kill();
        AssertRebuiltSame();
    }

    private static DatabaseOptions Options(MemoryVolume volume, StoreKind store) =>
        new() { Volume = volume, HasTicker = false, Seed = 1, Store = store, StoreMemory = 16 << 20 };

    private static (Database Database, Session Session) Open(MemoryVolume volume)
    {
        volume.Restart();
        Database database = Database.Open("", Options(volume, StoreKind.File));
        return (database, database.OpenSession());
    }

    private void Start() => (_database, _session) = Open(_volume);

    private void End()
    {
        _session.Dispose();
        _database.Dispose();
    }

    private void Kill()
    {
        _volume.Kill();
        End();
        Start();
    }

    private string Run(string sql) => Run(_session, sql);

    private static string Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }

    /// <summary>A node on a copy of the log, without pages, has the same rows and definitions, stamps included.</summary>
    private void AssertRebuiltSame()
    {
        const string Digests = "SELECT name, database_id, state_digest, entries FROM p2pdb.`databases` ORDER BY name";
        using Database rebuilt = Database.Open("", Options(_volume.Copy(new Random(3), isImage: true), StoreKind.Memory));
        using Session session = rebuilt.OpenSession();
        Assert.Equal(Run(session, Digests), Run(Digests));
        foreach (string table in Run("SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables WHERE table_type = 'BASE TABLE'").Split('\n'))
        {
            if (!table.StartsWith("app.", StringComparison.Ordinal) && !table.StartsWith("other.", StringComparison.Ordinal))
                continue;
            Assert.Equal(Run(session, $"SELECT * FROM {table}"), Run($"SELECT * FROM {table}"));
            Assert.Equal(Run(session, $"SHOW CREATE TABLE {table}"), Run($"SHOW CREATE TABLE {table}"));
        }
    }
}
