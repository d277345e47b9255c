using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>Point reads and scans by a table's handle.</summary>
public sealed class TableReadTests
{
    private const string AllTypes = """
        id BIGINT PRIMARY KEY, i8 TINYINT, u64 BIGINT UNSIGNED, f FLOAT, d DOUBLE, n DECIMAL(40,3), b BIT(9), y YEAR, dt DATETIME(3), da DATE, ts TIMESTAMP,
        ti TIME(6), c CHAR(5), v VARCHAR(20), vb VARBINARY(20), tx TEXT, bl BLOB, e ENUM('x','y'), s SET('p','q'), j JSON
        """;

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public void Values_of_all_types_are_read_by_their_methods(StoreKind store)
    {
        using var node = new TableNode(AllTypes, store);
        node.Run("""
            SET time_zone = '+02:00'; INSERT INTO t VALUES (1, -5, 18446744073709551615, 1.5, 2.25, '-12345678901234567890.125', b'101', 2024,
            '2024-02-29 12:34:56.789', '2024-02-29', '2024-02-29 12:00:00', '-01:02:03.000004', 'ab', 'grün', x'00ff', 'text', x'01', 'y', 'p,q', '{"a": 1}')
            """);

        Assert.True(node.Table.TryGet(node.Table.NewKey().AddInt64(1), out RowReader row));

        Assert.Equal(-5, row.GetInt64(1));
        Assert.Equal(ulong.MaxValue, row.GetUInt64(2));
        Assert.Equal(1.5, row.GetDouble(3));
        Assert.Equal(2.25, row.GetDouble(4));
        Assert.Equal("-12345678901234567890.125", row.GetDecimal(5).ToString());
        Assert.Equal(5UL, row.GetUInt64(6));
        Assert.Equal(2024, row.GetInt64(7));
        Assert.Equal(new TemporalValue(2024, 2, 29, 12, 34, 56, 789_000), row.GetDateTime(8));
        Assert.Equal(new TemporalValue(2024, 2, 29), row.GetDateTime(9));
        Assert.Equal(new TemporalValue(2024, 2, 29, 12), row.GetDateTime(10));
        Assert.Equal(-new TimeSpan(0, 1, 2, 3, 0, 4), row.GetTime(11));
        Assert.Equal("ab"u8, row.GetBytes(12));
        Assert.Equal("grün"u8, row.GetBytes(13));
        Assert.Equal([0, 255], row.GetBytes(14).ToArray());
        Assert.Equal("text"u8, row.GetBytes(15));
        Assert.Equal([1], row.GetBytes(16).ToArray());
        Assert.Equal(2, row.GetInt64(17));
        Assert.Equal("y"u8, row.GetText(17));
        Assert.Equal(3UL, row.GetUInt64(18));
        Assert.Equal("p,q"u8, row.GetText(18));
        Assert.Equal("{\"a\": 1}"u8, row.GetBytes(19));
        Assert.Equal(node.Run("SELECT * FROM t WHERE id = 1").Split('|')[0], row.GetInt64(0).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_column_read_by_a_method_of_another_type_is_an_error_that_names_both()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v VARCHAR(9), u BIGINT UNSIGNED, n INT");
        node.Run("INSERT INTO t VALUES (1, 'x', 18446744073709551615, NULL)");
        TableKey key = node.Table.NewKey().AddInt64(1);

        SqlException wrong = Assert.Throws<SqlException>(() => { node.Table.TryGet(key, out RowReader row); row.GetInt64(1); });

        Assert.Equal(1210, wrong.Error.Code);
        Assert.Equal("Incorrect arguments to GetInt64: column 'v' is VARCHAR", wrong.Message);
        Assert.Equal(1210, TableNode.Error(() => { node.Table.TryGet(key, out RowReader row); row.GetBytes(0); }));
        Assert.Equal(1210, TableNode.Error(() => { node.Table.TryGet(key, out RowReader row); row.GetDouble(0); }));
        Assert.Equal(1210, TableNode.Error(() => { node.Table.TryGet(key, out RowReader row); row.GetDateTime(0); }));
        Assert.Equal(1264, TableNode.Error(() => { node.Table.TryGet(key, out RowReader row); row.GetInt64(2); }));
        Assert.Equal(1210, TableNode.Error(() => { node.Table.TryGet(key, out RowReader row); row.GetInt64(3); }));
        Assert.Throws<ArgumentOutOfRangeException>(() => { node.Table.TryGet(key, out RowReader row); row.GetInt64(4); });
    }

    [Fact]
    public void Null_is_told_from_values()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v VARCHAR(9)");
        node.Run("INSERT INTO t VALUES (1, NULL), (2, '')");
        TableKey key = node.Table.NewKey();

        Assert.True(node.Table.TryGet(key.Clear().AddInt64(1), out RowReader without));
        Assert.True(without.IsNull(1));
        Assert.True(node.Table.TryGet(key.Clear().AddInt64(2), out RowReader with));
        Assert.False(with.IsNull(1));
        Assert.True(with.GetBytes(1).IsEmpty);
    }

    [Fact]
    public void Absent_rows_and_values_that_no_row_can_have_are_not_found()
    {
        using var node = new TableNode("id INT UNSIGNED PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (0), (7)");
        TableKey key = node.Table.NewKey();

        Assert.False(node.Table.TryGet(key.Clear().AddInt64(8), out _));
        Assert.False(node.Table.TryGet(key.Clear().AddInt64(-1), out _));
        Assert.False(node.Table.TryGet(key.Clear().AddUInt64(ulong.MaxValue), out _));
        Assert.False(node.Table.Delete(key.Clear().AddInt64(-1)));
        Assert.Equal("7", node.Get(key.Clear().AddUInt64(7)));
    }

    [Fact]
    public void Keys_of_each_type_find_their_row()
    {
        (string Type, string Value, Func<TableKey, TableKey> Add)[] keys =
        [
            ("TINYINT", "-7", key => key.AddInt64(-7)),
            ("BIGINT UNSIGNED", "18446744073709551615", key => key.AddUInt64(ulong.MaxValue)),
            ("BIT(5)", "b'11'", key => key.AddInt64(3)),
            ("YEAR", "1999", key => key.AddInt64(1999)),
            ("DOUBLE", "2.5", key => key.AddDouble(2.5)),
            ("FLOAT", "0.5", key => key.AddDouble(0.5)),
            ("DOUBLE", "4", key => key.AddInt64(4)),
            ("DECIMAL(9,2)", "12.5", key => key.AddDecimal(SqlDecimal.FromScaled(125, 1))),
            ("DECIMAL(9,2)", "12", key => key.AddInt64(12)),
            ("VARCHAR(20)", "'Grün'", key => key.AddText("grün"u8)),
            ("VARCHAR(20) COLLATE utf8mb4_bin", "'Grün'", key => key.AddText("Grün"u8)),
            ("VARBINARY(20)", "x'00ff00'", key => key.AddBinary([0, 255, 0])),
            ("DATE", "'2024-02-29'", key => key.AddDateTime(new TemporalValue(2024, 2, 29))),
            ("DATETIME(2)", "'2024-02-29 01:02:03.04'", key => key.AddDateTime(new TemporalValue(2024, 2, 29, 1, 2, 3, 40_000))),
            ("TIMESTAMP", "'2024-02-29 01:02:03'", key => key.AddDateTime(new TemporalValue(2024, 2, 29, 1, 2, 3))),
            ("TIME", "'-00:00:01'", key => key.AddTime(TimeSpan.FromSeconds(-1))),
            ("ENUM('a','b')", "'b'", key => key.AddText("b"u8)),
        ];
        foreach ((string type, string value, Func<TableKey, TableKey> add) in keys)
        {
            using var node = new TableNode($"k {type} PRIMARY KEY");
            node.Run($"SET time_zone = '-03:00'; INSERT INTO t VALUES ({value})");

            Assert.True(node.Table.TryGet(add(node.Table.NewKey()), out _), type);
        }
    }

    [Fact]
    public void Text_keys_follow_the_collation()
    {
        using var node = new TableNode("k VARCHAR(20) PRIMARY KEY, b VARCHAR(9)");
        node.Run("INSERT INTO t VALUES ('Straße', 'x')");
        TableKey key = node.Table.NewKey();

        Assert.Equal("Straße|x", node.Get(key.Clear().AddText("STRASSE"u8)));
        node.Run("ALTER TABLE t ADD COLUMN c INT");
        Assert.Equal(1412, TableNode.Error(() => node.Get(key)));
    }

    [Fact]
    public void A_key_of_another_type_or_count_is_an_error()
    {
        using var node = new TableNode("a INT, v VARCHAR(9), PRIMARY KEY (a, v)");

        SqlException wrong = Assert.Throws<SqlException>(() => node.Table.NewKey().AddText("1"u8));

        Assert.Equal("Incorrect arguments to AddText: column 'a' is INT", wrong.Message);
        Assert.Equal(1210, TableNode.Error(() => node.Table.NewKey().AddInt64(1).AddInt64(2)));
        Assert.Equal(1210, TableNode.Error(() => node.Table.NewKey().AddInt64(1).AddText("x"u8).AddInt64(1)));
        Assert.Equal(1210, TableNode.Error(() => node.Table.TryGet(node.Table.NewKey().AddInt64(1), out _)));
    }

    [Fact]
    public void A_value_without_exact_place_among_a_columns_is_an_error()
    {
        using var decimals = new TableNode("k DECIMAL(9,2) PRIMARY KEY");
        using var dates = new TableNode("k DATE PRIMARY KEY");
        using var floats = new TableNode("k FLOAT PRIMARY KEY");

        Assert.Equal(1210, TableNode.Error(() => decimals.Table.NewKey().AddDecimal(SqlDecimal.FromScaled(1, 3))));
        Assert.Equal(1210, TableNode.Error(() => dates.Table.NewKey().AddDateTime(new TemporalValue(2024, 1, 1, 1))));
        Assert.Equal(1210, TableNode.Error(() => floats.Table.NewKey().AddDouble(0.1)));
    }

    [Fact]
    public void Scans_go_both_ways_with_and_without_their_ends()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (-3), (1), (2), (3), (5)");
        TableKey from = node.Table.NewKey().AddInt64(1);
        TableKey to = node.Table.NewKey().AddInt64(3);

        Assert.Equal("-3,1,2,3,5", node.Scan());
        Assert.Equal("5,3,2,1,-3", node.Scan(options: ScanOptions.Descending));
        Assert.Equal("1,2,3", node.Scan(from, to));
        Assert.Equal("3,2,1", node.Scan(from, to, ScanOptions.Descending));
        Assert.Equal("2,3", node.Scan(from, to, ScanOptions.ExcludeFrom));
        Assert.Equal("1,2", node.Scan(from, to, ScanOptions.ExcludeTo));
        Assert.Equal("2", node.Scan(from, to, ScanOptions.ExcludeFrom | ScanOptions.ExcludeTo | ScanOptions.Descending));
        Assert.Equal("3,5", node.Scan(to));
        Assert.Equal("1,-3", node.Scan(null, from, ScanOptions.Descending));
        Assert.Equal("", node.Scan(to, from));
        Assert.Equal("-3,1,2,3,5", node.Scan(node.Table.NewKey(), node.Table.NewKey()));
    }

    [Fact]
    public void Bounds_that_no_row_can_have_lie_beside_all_rows()
    {
        using var node = new TableNode("id INT UNSIGNED PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (0), (4)");
        TableKey below = node.Table.NewKey().AddInt64(-1);
        TableKey above = node.Table.NewKey().AddUInt64(ulong.MaxValue);

        Assert.Equal("0,4", node.Scan(below, above));
        Assert.Equal("4,0", node.Scan(below, above, ScanOptions.Descending));
        Assert.Equal("", node.Scan(null, below));
        Assert.Equal("", node.Scan(above));
        Assert.Equal("", node.Scan(null, below, ScanOptions.Descending));
    }

    [Fact]
    public void Leading_columns_of_a_key_bound_a_scan()
    {
        using var node = new TableNode("n INT PRIMARY KEY DEFAULT 0, a INT, b VARCHAR(9)");
        node.Run("DROP TABLE t; CREATE TABLE t (a INT, b VARCHAR(9), n INT, PRIMARY KEY (a, b))");
        node.Run("INSERT INTO t VALUES (1,'x',1), (2,'a',2), (2,'b',3), (2,'c',4), (3,'a',5)");
        using TableHandle table = node.Session.OpenTable("app", "t");
        TableKey two = table.NewKey().AddInt64(2);
        TableKey middle = table.NewKey().AddInt64(2).AddText("B"u8);

        Assert.Equal([2, 3, 4], Numbers(table.Scan(two, two)));
        Assert.Equal([4, 3, 2], Numbers(table.Scan(two, two, ScanOptions.Descending)));
        Assert.Equal([5], Numbers(table.Scan(two, null, ScanOptions.ExcludeFrom)));
        Assert.Equal([1], Numbers(table.Scan(null, two, ScanOptions.ExcludeTo)));
        Assert.Equal([3, 4], Numbers(table.Scan(middle, two)));
        Assert.Equal([4, 5], Numbers(table.Scan(middle, null, ScanOptions.ExcludeFrom)));
        Assert.Equal([1, 2, 3], Numbers(table.Scan(null, middle)));

        static List<long> Numbers(TableScan scan)
        {
            List<long> numbers = [];
            foreach (RowReader row in scan)
                numbers.Add(row.GetInt64(2));
            return numbers;
        }
    }

    [Fact]
    public void A_scan_over_many_leaves_gives_each_row_once_in_both_directions()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v VARCHAR(200)");
        const int Count = 3_000;
        node.Run("INSERT INTO t WITH RECURSIVE n AS (SELECT 0 i UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT i * 3, REPEAT('x', 150) FROM n");
        for (int i = 0; i < Count; i++)
        {
            node.Row.SetInt64(0, i);
            node.Row.SetText(1, "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"u8);
            node.Table.Put(node.Row);
        }

        string up = node.Scan();

        Assert.Equal(string.Join(',', Enumerable.Range(0, Count)), up);
        Assert.Equal(string.Join(',', Enumerable.Range(0, Count).Reverse()), node.Scan(options: ScanOptions.Descending));
        Assert.Equal(up, node.Run("SELECT id FROM t ORDER BY id").Replace('\n', ','));
    }

    [Fact]
    public void A_scan_that_has_ended_or_whose_handle_is_closed_gives_no_rows()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (1), (2)");

        Assert.Throws<ObjectDisposedException>(() =>
        {
            TableScan ended = node.Table.Scan();
            ended.Dispose();
            using TableScan other = node.Table.Scan();
            ended.MoveNext();
        });
        Assert.Throws<ObjectDisposedException>(() =>
        {
            TableHandle table = node.Session.OpenTable("app", "t");
            TableScan scan = table.Scan();
            table.Dispose();
            scan.MoveNext();
        });
    }

    [Fact]
    public void Scans_of_one_handle_may_be_nested()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (1), (2), (3)");
        List<(long, long)> pairs = [];

        foreach (RowReader outer in node.Table.Scan())
        {
            foreach (RowReader inner in node.Table.Scan(node.Table.NewKey().AddInt64(outer.GetInt64(0)), null, ScanOptions.ExcludeFrom))
                pairs.Add((outer.GetInt64(0), inner.GetInt64(0)));
        }

        Assert.Equal([(1, 2), (1, 3), (2, 3)], pairs);
    }

    [Fact]
    public void Reads_convert_values_from_before_a_change_of_type_as_SQL_does()
    {
        using var node = new TableNode("id INT PRIMARY KEY, v VARCHAR(9), w INT");
        node.Run("INSERT INTO t VALUES (1, '42', 7); ALTER TABLE t MODIFY v INT, MODIFY w VARCHAR(9), ADD COLUMN x INT NOT NULL DEFAULT 5");
        using TableHandle table = node.Session.OpenTable("app", "t");

        Assert.True(table.TryGet(table.NewKey().AddInt64(1), out RowReader row));

        Assert.Equal(42, row.GetInt64(1));
        Assert.Equal("7"u8, row.GetBytes(2));
        Assert.Equal(5, row.GetInt64(3));
    }

    [Fact]
    public void A_killed_session_reads_no_more()
    {
        using var node = new TableNode("id INT PRIMARY KEY");
        node.Run("INSERT INTO t VALUES (1), (2)");
        TableKey key = node.Table.NewKey().AddInt64(1);

        Assert.Equal(1317, TableNode.Error(() =>
        {
            foreach (RowReader row in node.Table.Scan())
                node.Session.Kill();
        }));
        Assert.Equal("1", node.Get(key));
        node.Session.KillConnection();
        Assert.Equal(1317, TableNode.Error(() => node.Get(key)));
        Assert.Equal(1317, TableNode.Error(() => node.Scan()));
    }
}
