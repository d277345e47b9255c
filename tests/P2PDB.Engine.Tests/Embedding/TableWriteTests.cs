using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>Writes by a table's handle: what they do is what the same statements do.</summary>
public sealed class TableWriteTests
{
    private const string Users =
        "id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(5) NOT NULL, age TINYINT DEFAULT 18, mail VARCHAR(20) UNIQUE, KEY by_age (age)";

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public void Insert_fills_in_numbers_and_defaults_and_SQL_sees_the_row(StoreKind store)
    {
        using var node = new TableNode(Users, store);

        node.Row.SetText(1, "Ada"u8);
        ulong first = node.Table.Insert(node.Row);
        node.Row.SetInt64(0, 0);
        node.Row.SetText(1, "Bob"u8);
        node.Row.SetNull(2);
        ulong second = node.Table.Insert(node.Row);
        node.Row.SetInt64(0, 70);
        node.Row.SetText(1, "Eve"u8);
        ulong given = node.Table.Insert(node.Row);

        Assert.Equal((1UL, 2UL, 70UL), (first, second, given));
        Assert.Equal("1|Ada|18|NULL\n2|Bob|NULL|NULL\n70|Eve|18|NULL", node.Run("SELECT * FROM t"));
        Assert.Equal("1\n70", node.Run("SELECT id FROM t FORCE INDEX (by_age) WHERE age = 18"));
        Assert.Equal("2", node.Run("SELECT LAST_INSERT_ID()"));
    }

    [Fact]
    public void Foreign_keys_and_their_setting_bind_the_handle_from_when_they_are_there()
    {
        using var node = new TableNode("id INT PRIMARY KEY, above INT");
        RowWriter row = node.Row;
        void Insert(int id, int above)
        {
            row.SetInt64(0, id);
            row.SetInt64(1, above);
            node.Table.Insert(row);
        }

        Insert(1, 1);
        node.Table.Delete(node.Table.NewKey().AddInt64(1));
        node.Run("INSERT INTO t VALUES (1, NULL); ALTER TABLE t ADD FOREIGN KEY (above) REFERENCES t (id)");
        Insert(2, 1);
        Assert.Equal(1452, TableNode.Error(() => Insert(3, 9)));
        Assert.Equal(1451, TableNode.Error(() => node.Table.Delete(node.Table.NewKey().AddInt64(1))));
        node.Run("SET foreign_key_checks = 0");
        Assert.True(node.Table.Delete(node.Table.NewKey().AddInt64(1)));
        Insert(3, 9);
        // The row that is still referenced shows all the same: docs/merge.md.
        Assert.Equal("1|NULL\n2|1\n3|9", node.Run("SELECT * FROM t"));
        Assert.True(node.Table.Delete(node.Table.NewKey().AddInt64(2)));
        Assert.Equal("3|9", node.Run("SELECT * FROM t"));
    }

    [Fact]
    public void Checks_bind_the_handle()
    {
        using var node = new TableNode("id INT PRIMARY KEY, n INT CHECK (n > 0)");
        void Put(int id, int n)
        {
            node.Row.SetInt64(0, id);
            node.Row.SetInt64(1, n);
            node.Table.Put(node.Row);
        }

        Assert.Equal(3819, TableNode.Error(() => Put(1, 0)));
        Put(1, 1);
        Assert.Equal(3819, TableNode.Error(() => Put(1, 0)));
        node.Run("ALTER TABLE t ALTER CHECK t_chk_1 NOT ENFORCED");
        Put(1, 0);
        Assert.Equal("1|0", node.Run("SELECT * FROM t"));
    }

    [Fact]
    public void Values_of_all_kinds_are_stored_as_parameters_of_an_insert_are()
    {
        using var node = new TableNode("""
            id INT PRIMARY KEY, u BIGINT UNSIGNED, d DOUBLE, n DECIMAL(10,2), b VARBINARY(9), dt DATETIME(6), da DATE, ts TIMESTAMP, ti TIME(6), e ENUM('x','y'),
            s SET('p','q'), j JSON, y YEAR, bits BIT(4)
            """);
        node.Run("SET time_zone = '+02:00'");
        RowWriter row = node.Row;
        row.SetInt64(0, 1);
        row.SetUInt64(1, ulong.MaxValue);
        row.SetDouble(2, 0.1);
        row.SetDecimal(3, SqlDecimal.FromScaled(-1234, 2));
        row.SetBinary(4, [0x41, 0]);
        row.SetDateTime(5, new TemporalValue(2024, 2, 29, 1, 2, 3, 4));
        row.SetDateTime(6, new TemporalValue(2024, 2, 29));
        row.SetDateTime(7, new TemporalValue(2024, 2, 29, 12));
        row.SetTime(8, -TimeSpan.FromHours(30));
        row.SetText(9, "y"u8);
        row.SetText(10, "q,p"u8);
        row.SetText(11, "[1,2]"u8);
        row.SetInt64(12, 2024);
        row.SetInt64(13, 9);

        node.Table.Insert(row);

        string shown = node.Get(node.Table.NewKey().AddInt64(1));
        Assert.Equal(
            "1|18446744073709551615|0.1|-12.34|A\0|2024-02-29 01:02:03.000004|2024-02-29|2024-02-29 12:00:00|-30:00:00.000000|y|p,q|[1, 2]|2024|\t", shown);
        Assert.Equal(shown, node.Run("SELECT * FROM t"));
        node.Run("SET time_zone = '+00:00'");
        Assert.Equal("2024-02-29 10:00:00", node.Run("SELECT ts FROM t"));
    }

    [Fact]
    public void What_does_not_fit_is_the_error_of_the_statement()
    {
        using var node = new TableNode(Users);

        node.Row.SetNull(1);
        Assert.Equal(1048, TableNode.Error(() => node.Table.Insert(node.Row)));
        node.Row.Clear();
        Assert.Equal(1364, TableNode.Error(() => node.Table.Insert(node.Row)));
        node.Row.SetText(1, "longer than five"u8);
        Assert.Equal(1406, TableNode.Error(() => node.Table.Insert(node.Row)));
        node.Row.SetText(1, "x"u8);
        node.Row.SetInt64(2, 128);
        Assert.Equal(1264, TableNode.Error(() => node.Table.Insert(node.Row)));
        node.Row.SetText(2, "abc"u8);
        SqlException wrong = Assert.Throws<SqlException>(() => node.Table.Insert(node.Row));

        Assert.Equal("Incorrect integer value: 'abc' for column 'age' at row 1", wrong.Message);
        Assert.Equal("", node.Run("SELECT * FROM t"));
        node.Run("SET sql_mode = ''");
        node.Row.SetInt64(2, 128);
        node.Table.Insert(node.Row);
        Assert.Equal("Warning|1264|Out of range value for column 'age' at row 1", node.Run("SHOW WARNINGS"));
        Assert.Equal("127", node.Run("SELECT age FROM t"));
    }

    [Fact]
    public void Duplicates_of_any_unique_key_are_refused()
    {
        using var node = new TableNode(Users);
        node.Run("INSERT INTO t VALUES (1, 'Ada', 36, 'a@x')");

        node.Row.SetInt64(0, 1);
        node.Row.SetText(1, "Bob"u8);
        SqlException primary = Assert.Throws<SqlException>(() => node.Table.Insert(node.Row));
        node.Row.SetInt64(0, 2);
        node.Row.SetText(3, "A@X"u8);

        Assert.Equal("Duplicate entry '1' for key 't.PRIMARY'", primary.Message);
        Assert.Equal(1062, TableNode.Error(() => node.Table.Insert(node.Row)));
        Assert.Equal(1062, TableNode.Error(() => node.Table.Put(node.Row)));
        Assert.Equal("1|Ada|36|a@x", node.Run("SELECT * FROM t"));
    }

    [Fact]
    public void Put_adds_a_row_and_then_changes_what_is_set()
    {
        using var node = new TableNode("k VARCHAR(9) PRIMARY KEY, a INT DEFAULT 5, b INT, KEY (a)");

        node.Row.SetText(0, "one"u8);
        node.Row.SetInt64(2, 1);
        node.Table.Put(node.Row);
        node.Row.SetText(0, "ONE"u8);
        node.Row.SetInt64(1, 6);
        node.Table.Put(node.Row);

        Assert.Equal("ONE|6|1", node.Run("SELECT * FROM t"));
        Assert.Equal("ONE", node.Run("SELECT k FROM t FORCE INDEX (a) WHERE a = 6"));
        Assert.Equal("", node.Run("SELECT k FROM t FORCE INDEX (a) WHERE a = 5"));
        node.Row.SetInt64(1, 6);
        Assert.Equal(1210, TableNode.Error(() => node.Table.Put(node.Row)));
    }

    [Fact]
    public void Put_in_a_transaction_keeps_the_indexes_that_the_transaction_reads()
    {
        using var node = new TableNode("k INT PRIMARY KEY, a INT, KEY (a)");
        node.Row.SetInt64(0, 1);
        node.Row.SetInt64(1, 10);
        node.Table.Put(node.Row);

        node.Run("BEGIN");
        node.Row.SetInt64(0, 1);
        node.Row.SetInt64(1, 11);
        node.Table.Put(node.Row);
        node.Row.SetInt64(0, 2);
        node.Row.SetInt64(1, 11);
        node.Table.Put(node.Row);

        Assert.Equal("1\n2", node.Run("SELECT k FROM t FORCE INDEX (a) WHERE a = 11"));
        Assert.Equal("", node.Run("SELECT k FROM t FORCE INDEX (a) WHERE a = 10"));
        node.Run("ROLLBACK");
        Assert.Equal("1|10", node.Run("SELECT * FROM t"));
    }

    [Fact]
    public void Update_and_delete_say_whether_the_row_was_there()
    {
        using var node = new TableNode("a INT, b VARCHAR(9), n INT, at TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (a, b)");
        node.Run("INSERT INTO t (a, b, n) VALUES (1, 'x', 1), (1, 'y', 2)");
        TableKey there = node.Table.NewKey().AddInt64(1).AddText("X"u8);
        TableKey absent = node.Table.NewKey().AddInt64(2).AddText("x"u8);

        node.Row.SetInt64(2, 5);
        Assert.False(node.Table.Update(absent, node.Row));
        Assert.True(node.Table.Update(there, node.Row));
        Assert.True(node.Table.Update(there, node.Row));
        Assert.Equal("x|5|1\ny|2|0", node.Run("SELECT b, n, at IS NOT NULL FROM t"));
        node.Row.SetText(1, "z"u8);
        Assert.True(node.Table.Update(there, node.Row));
        Assert.Equal("y\nz", node.Run("SELECT b FROM t"));
        Assert.False(node.Table.Delete(there));
        Assert.True(node.Table.Delete(there.Clear().AddInt64(1).AddText("Z"u8)));
        Assert.Equal("y", node.Run("SELECT b FROM t"));
    }

    [Fact]
    public void A_table_without_primary_key_takes_rows_and_gives_them_by_scans()
    {
        using var node = new TableNode("v INT");

        node.Row.SetInt64(0, 7);
        node.Table.Insert(node.Row);
        node.Table.Insert(node.Row);

        Assert.Equal("7,7", node.Scan());
        Assert.Equal(1173, TableNode.Error(() => node.Table.NewKey()));
        Assert.Equal(1173, TableNode.Error(() => node.Table.Put(node.Row)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_serializable_transaction_does_not_commit_when_what_its_calls_read_has_changed(bool scans)
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT");
        using Session other = node.Database.OpenSession();
        TableKey key = node.Table.NewKey().AddInt64(1);

        node.Run("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN");
        string read = scans ? node.Scan() : node.Get(key);
        TableNode.Run(other, "INSERT INTO app.t VALUES (1, 1)");
        string again = node.Run("INSERT INTO t VALUES (2, 2)");

        Assert.Equal((scans ? "" : "none", "error 1213"), (read, again));
        Assert.False(node.Session.InTransaction);
    }

    [Fact]
    public void Calls_are_part_of_the_sessions_transaction()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT");
        using Session other = node.Database.OpenSession();
        TableKey key = node.Table.NewKey().AddInt64(1);

        node.Run("BEGIN");
        node.Row.SetInt64(0, 1);
        node.Row.SetInt64(1, 10);
        node.Table.Insert(node.Row);
        node.Run("SAVEPOINT s");
        node.Row.SetInt64(1, 11);
        node.Table.Update(key, node.Row);
        string inside = node.Get(key);
        string scanned = node.Scan();
        string outside = TableNode.Run(other, "SELECT * FROM app.t");
        node.Run("ROLLBACK TO s");
        string rewound = node.Get(key);
        node.Table.Delete(key);
        string deleted = node.Get(key) + node.Scan();
        node.Run("ROLLBACK");

        Assert.Equal(("1|11", "1", "", "1|10", "none"), (inside, scanned, outside, rewound, deleted));
        Assert.Equal("none", node.Get(key));
        Assert.Equal("", node.Scan());
    }

    [Fact]
    public void A_failed_write_leaves_the_rest_of_the_transaction()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT UNIQUE");
        node.Run("INSERT INTO t VALUES (1, 1); BEGIN");
        node.Row.SetInt64(0, 2);
        node.Row.SetInt64(1, 2);
        node.Table.Insert(node.Row);

        node.Row.SetInt64(0, 3);
        node.Row.SetInt64(1, 1);
        Assert.Equal(1062, TableNode.Error(() => node.Table.Insert(node.Row)));

        Assert.True(node.Session.InTransaction);
        node.Run("COMMIT");
        Assert.Equal("1|1\n2|2", node.Run("SELECT * FROM t"));
    }

    [Fact]
    public void A_repeatable_read_stays_as_it_was_and_a_committed_read_does_not()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT");
        using Session other = node.Database.OpenSession();
        node.Run("INSERT INTO t VALUES (1, 1)");
        TableKey key = node.Table.NewKey().AddInt64(1);

        node.Run("BEGIN");
        Assert.Equal("1|1", node.Get(key));
        TableNode.Run(other, "UPDATE app.t SET v = 2; INSERT INTO app.t VALUES (2, 2)");
        Assert.Equal(("1|1", "1"), (node.Get(key), node.Scan()));
        node.Run("COMMIT");
        Assert.Equal("1|2", node.Get(key));

        node.Run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN");
        Assert.Equal("1|2", node.Get(key));
        TableNode.Run(other, "UPDATE app.t SET v = 3");
        Assert.Equal("1|3", node.Get(key));
        node.Run("COMMIT");
    }

    [Fact]
    public void Without_autocommit_the_first_call_begins_a_transaction()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("SET autocommit = 0");

        node.Get(node.Table.NewKey().AddInt64(1));
        Assert.True(node.Session.InTransaction);
        node.Row.SetInt64(0, 1);
        node.Table.Insert(node.Row);
        node.Run("ROLLBACK");
        Assert.Equal("", node.Scan());
        node.Run("ROLLBACK; SET autocommit = 1; START TRANSACTION READ ONLY");
        Assert.Equal(1792, TableNode.Error(() => node.Table.Insert(node.Row)));
    }

    [Fact]
    public void A_scan_does_not_see_what_its_session_writes_and_outlives_the_transaction()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (1), (2), (3); BEGIN; INSERT INTO t VALUES (4)");
        TableKey key = node.Table.NewKey();
        List<long> seen = [];

        foreach (RowReader row in node.Table.Scan())
        {
            long id = row.GetInt64(0);
            seen.Add(id);
            node.Table.Delete(key.Clear().AddInt64(id));
            node.Row.SetInt64(0, id + 10);
            node.Table.Insert(node.Row);
            if (id == 2)
                node.Run("COMMIT");
        }

        Assert.Equal([1, 2, 3, 4], seen);
        Assert.Equal("11,12,13,14", node.Scan());
    }

    [Fact]
    public void A_write_waits_for_the_lock_of_another_session()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT");
        using Session other = node.Database.OpenSession();
        node.Run("INSERT INTO t VALUES (1, 1); SET innodb_lock_wait_timeout = 1");
        TableNode.Run(other, "BEGIN; UPDATE app.t SET v = 2 WHERE id = 1");
        TableKey key = node.Table.NewKey().AddInt64(1);

        node.Row.SetInt64(1, 3);
        Assert.Equal(1205, TableNode.Error(() => node.Table.Update(key, node.Row)));
        Assert.Equal("1|1", node.Get(key));
        TableNode.Run(other, "COMMIT");
        Assert.True(node.Table.Update(key, node.Row));
        Assert.Equal("1|3", node.Get(key));
    }

    [Fact]
    public async Task Sessions_on_several_threads_lose_no_change()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT NOT NULL");
        node.Run("INSERT INTO t VALUES (1, 0)");
        const int ThreadCount = 4;
        const int ChangeCount = 200;

        await Task.WhenAll(Enumerable.Range(0, ThreadCount).Select(_ => Task.Run(() => Count(node.Database))));

        Assert.Equal($"1|{ThreadCount * ChangeCount}", node.Run("SELECT * FROM t WHERE id = 1"));
        Assert.Equal($"{1 + (ThreadCount * ChangeCount)}", node.Run("SELECT COUNT(*) FROM t"));

        static void Count(Database database)
        {
            using Session session = database.OpenSession();
            using TableHandle table = session.OpenTable("app", "t");
            TableKey key = table.NewKey().AddInt64(1);
            RowWriter row = table.NewRow();
            for (int i = 0; i < ChangeCount; i++)
            {
                session.Execute("BEGIN"u8, ResultSink.Discard);
                session.Execute("SELECT v FROM app.t WHERE id = 1 FOR UPDATE"u8, ResultSink.Discard);
                session.Execute("COMMIT"u8, ResultSink.Discard);
                row.SetInt64(0, ((long)session.ConnectionId * 1_000_000) + i);
                row.SetInt64(1, i);
                table.Insert(row);
                session.Execute("UPDATE app.t SET v = v + 1 WHERE id = 1"u8, ResultSink.Discard);
                Assert.True(table.TryGet(key, out RowReader read));
                Assert.InRange(read.GetInt64(1), 1, ThreadCount * ChangeCount);
            }
        }
    }

    [Fact]
    public void Harmless_changes_of_the_table_are_followed()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT, w INT DEFAULT 1");
        TableKey key = node.Table.NewKey().AddInt64(1);
        node.Row.SetInt64(0, 1);
        node.Row.SetInt64(1, 1);
        node.Table.Insert(node.Row);

        node.Run("CREATE INDEX by_v ON t (v); ALTER TABLE t ALTER COLUMN w SET DEFAULT 2; RENAME TABLE t TO renamed");
        node.Row.SetInt64(0, 2);
        node.Row.SetInt64(1, 20);
        node.Table.Put(node.Row);
        node.Row.SetInt64(1, 10);

        Assert.True(node.Table.Update(key, node.Row));
        Assert.Equal("1|10|1", node.Get(key));
        Assert.Equal("1|1\n2|2", node.Run("SELECT id, w FROM renamed FORCE INDEX (by_v) WHERE v > 5"));
        Assert.True(node.Table.Delete(key));
    }

    [Fact]
    public void Other_columns_and_another_key_are_errors_until_the_table_is_opened_anew()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v INT NOT NULL");
        node.Run("INSERT INTO t VALUES (1, 1)");
        TableKey key = node.Table.NewKey().AddInt64(1);

        node.Run("ALTER TABLE t ADD COLUMN w INT FIRST");
        node.Row.SetInt64(0, 2);
        Assert.Equal(1412, TableNode.Error(() => node.Get(key)));
        Assert.Equal(1412, TableNode.Error(() => node.Table.Insert(node.Row)));
        Assert.Equal(1412, TableNode.Error(() => node.Table.Delete(key)));
        Assert.Equal(1412, TableNode.Error(() => node.Scan()));
        using (TableHandle anew = node.Session.OpenTable("app", "T"))
        {
            Assert.True(anew.TryGet(anew.NewKey().AddInt64(1), out RowReader row));
            Assert.Equal(1, row.GetInt64(anew.OrdinalOf("V")));
        }

        node.Run("DROP TABLE t");
        Assert.Equal(1146, TableNode.Error(() => node.Get(key)));
    }

    [Fact]
    public void Opening_names_what_is_not_there()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("CREATE VIEW seen AS SELECT * FROM t");

        Assert.Equal(1049, TableNode.Error(() => node.Session.OpenTable("none", "t")));
        Assert.Equal(1146, TableNode.Error(() => node.Session.OpenTable("app", "none")));
        Assert.Equal(1347, TableNode.Error(() => node.Session.OpenTable("app", "seen")));
        Assert.Equal(1054, TableNode.Error(() => node.Table.OrdinalOf("none")));
        using TableHandle other = node.Session.OpenTable("app", "t");
        Assert.Throws<ArgumentException>(() => node.Table.TryGet(other.NewKey().AddInt64(1), out _));
        Assert.Throws<ArgumentException>(() => node.Table.Insert(other.NewRow()));
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Scan());
    }

    [Fact]
    public void Writes_are_entries_of_the_log_that_a_restart_has()
    {
        var volume = new MemoryVolume(new Random(1));
        var options = new DatabaseOptions { Volume = volume, HasTicker = false, Seed = 1 };
        using (Database first = Database.Open("", options))
        using (Session session = first.OpenSession())
        {
            TableNode.Run(session, "CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY, v INT)");
            using TableHandle table = session.OpenTable("app", "t");
            RowWriter row = table.NewRow();
            row.SetInt64(0, 1);
            row.SetInt64(1, 5);
            table.Put(row);
        }

        using Database second = Database.Open("", options);
        using Session reader = second.OpenSession();

        Assert.Equal("1|5", TableNode.Run(reader, "SELECT * FROM app.t"));
    }
}
