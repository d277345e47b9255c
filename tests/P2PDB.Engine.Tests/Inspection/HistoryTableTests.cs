using System.Globalization;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Execution;
using P2PDB.Engine.Tests.Sync;

namespace P2PDB.Engine.Tests.Inspection;

/// <summary>p2pdb.history shows every version of a row as it was written.</summary>
public sealed class HistoryTableTests : IDisposable
{
    private const string InOrder = " ORDER BY time, counter, author_key, position";

    private readonly SqlNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Each_write_of_a_row_is_a_version()
    {
        Assert.Equal("", _node.Run("CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(10)); INSERT INTO t VALUES (1, 10, 'x'), (2, 20, 'y');"
            + "UPDATE t SET a = 11 WHERE id = 1; DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (1, NULL, 'z')"));

        const string Versions = """
            insert|{"a": 10, "b": "x", "id": 1}
            update|{"a": 11}
            delete|NULL
            insert|{"a": null, "b": "z", "id": 1}
            """;
        const string Query = "SELECT operation, changes FROM p2pdb.history WHERE table_name = 't' AND row_key = '1'" + InOrder;
        Assert.Equal(Versions, _node.Run(Query), ignoreLineEndingDifferences: true);
        _node.Restart();
        Assert.Equal(Versions, _node.Run(Query), ignoreLineEndingDifferences: true);
        Assert.Equal("5", _node.Run("SELECT COUNT(*) FROM p2pdb.history h JOIN p2pdb.log l ON l.entry_id = h.entry_id AND l.author_key = h.author_key AND h.position < l.operations"));
    }

    [Theory]
    [InlineData("id BIGINT UNSIGNED PRIMARY KEY", "18446744073709551615", "18446744073709551615")]
    [InlineData("id DECIMAL(20, 3) PRIMARY KEY", "-1.5", "-1.500")]
    [InlineData("id DOUBLE PRIMARY KEY", "-0.25", "-0.25")]
    [InlineData("id DATETIME(2) PRIMARY KEY", "'2024-02-29 01:02:03.45'", "2024-02-29 01:02:03.45")]
    [InlineData("id DATE PRIMARY KEY", "'2024-02-29'", "2024-02-29")]
    [InlineData("id VARCHAR(20) PRIMARY KEY", "'Äpfel'", "Äpfel")]
    [InlineData("id VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY", "'Äpfel'", "Äpfel")]
    [InlineData("id VARBINARY(20) PRIMARY KEY", "x'00FF0061'", "0x00FF0061")]
    [InlineData("id ENUM('a', 'b') PRIMARY KEY", "'b'", "b")]
    [InlineData("id BIT(12) PRIMARY KEY", "b'101'", "5")]
    [InlineData("id INT, n VARCHAR(9), PRIMARY KEY (n, id)", "7, 'q\"'", "[\"q\\\"\", 7]")]
    [InlineData("id INT, n INT, PRIMARY KEY (id, n)", "7, -8", "[7, -8]")]
    [InlineData("id VARCHAR(20), PRIMARY KEY (id(3))", "'abcdef'", "abcdef")]
    public void Keys_are_shown_as_values(string columns, string values, string key)
    {
        Assert.Equal("", _node.Run($"CREATE TABLE t ({columns}, v INT); INSERT INTO t VALUES ({values}, 1); UPDATE t SET v = 2; DELETE FROM t"));

        Assert.Equal($"insert|{key}\nupdate|{key}\ndelete|{key}", _node.Run("SELECT operation, row_key FROM p2pdb.history" + InOrder));
    }

    [Fact]
    public void Keys_that_are_no_values_are_hexadecimal()
    {
        Assert.Equal("", _node.Run("CREATE TABLE t (v INT); INSERT INTO t VALUES (1); UPDATE t SET v = 2"));

        Assert.Equal("1|2|42", _node.Run("SELECT COUNT(DISTINCT row_key), COUNT(*), MIN(LENGTH(row_key)) FROM p2pdb.history WHERE row_key LIKE '0x%'"));
    }

    [Fact]
    public void Values_have_the_form_of_their_types()
    {
        Assert.Equal("", _node.Run("SET time_zone = '+02:00'; CREATE TABLE t (id INT ZEROFILL PRIMARY KEY, d DECIMAL(10, 2), f DOUBLE, s SET('a', 'b'), j JSON, t TIME(1), y YEAR,"
            + " ts TIMESTAMP, bl BLOB, tx TEXT, bi BIT(3), n INT); INSERT INTO t VALUES (7, 1.5, 2.5, 'a,b', '{\"k\": [1]}', '10:00:00.5', 2024,"
            + " '2024-01-01 00:00:00', x'0AFF', 'it''s \"q\"', b'101', NULL)"));

        Assert.Equal(
            "{\"d\": 1.50, \"f\": 2.5, \"j\": {\"k\": [1]}, \"n\": null, \"s\": \"a,b\", \"t\": \"10:00:00.5\", \"y\": 2024, \"bi\": 5, \"bl\": \"0x0AFF\", \"id\": 7, "
            + "\"ts\": \"2024-01-01 00:00:00\", \"tx\": \"it's \\\"q\\\"\"}",
            _node.Run("SELECT changes FROM p2pdb.history"));
        Assert.Equal("1|\"a,b\"", _node.Run("SELECT changes->'$.j.k[0]', JSON_EXTRACT(changes, '$.s') FROM p2pdb.history"));
    }

    [Fact]
    public void A_value_is_shown_in_the_type_it_was_written_in()
    {
        Assert.Equal("", _node.Run("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 5); ALTER TABLE t MODIFY v VARCHAR(20); UPDATE t SET v = '2023-04-05';"
            + "ALTER TABLE t MODIFY v DATE; UPDATE t SET v = '2024-01-02'; ALTER TABLE t RENAME COLUMN v TO w; ALTER TABLE t DROP COLUMN w"));

        Assert.Equal(
            "{\"w\": 5, \"id\": 1}\n{\"w\": \"2023-04-05\"}\n{\"w\": \"2024-01-02\"}",
            _node.Run("SELECT changes FROM p2pdb.history" + InOrder));
    }

    [Fact]
    public void Tables_that_are_gone_keep_their_history()
    {
        Assert.Equal("", _node.Run("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(5)); INSERT INTO t VALUES (1, 'a'); TRUNCATE t; INSERT INTO t VALUES (2, 'b'); DROP TABLE t"));

        Assert.Equal("t|1|insert\nt|NULL|truncate\nt|2|insert\nt|NULL|drop table", _node.Run("SELECT table_name, row_key, operation FROM p2pdb.history" + InOrder));
    }

    [Theory]
    [InlineData("table_name = 't'")]
    [InlineData("table_name = 'T' AND row_key = '1'")]
    [InlineData("table_name LIKE 'o%' AND operation IN ('insert', 'truncate')")]
    [InlineData("row_key BETWEEN '1' AND '3'")]
    [InlineData("operation = 'update'")]
    [InlineData("operation <> 'insert' AND table_name <> 'o'")]
    [InlineData("seq = 4")]
    [InlineData("table_name = 'none'")]
    [InlineData("row_key IS NULL")]
    [InlineData("changes->'$.v' = 2")]
    public void A_condition_leaves_out_what_it_would_leave_out_above(string condition)
    {
        Assert.Equal("", _node.Run("CREATE TABLE t (id INT PRIMARY KEY, v INT); CREATE TABLE o (id VARCHAR(9) PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);"
            + "INSERT INTO o VALUES ('1', 1), ('b', 2); UPDATE t SET v = v + 1; UPDATE o SET v = 2; DELETE FROM t WHERE id = 2; TRUNCATE o"));

        const string Columns = "table_name, row_key, operation, changes, seq, position";
        Assert.Equal(
            _node.Run($"SELECT {Columns} FROM (SELECT DISTINCT * FROM p2pdb.history LIMIT 1000) AS h WHERE {condition} ORDER BY seq, position"),
            _node.Run($"SELECT {Columns} FROM p2pdb.history WHERE {condition} ORDER BY seq, position"));
    }

    [Fact]
    public void Both_nodes_show_the_same_history()
    {
        using Database owner = Open(1);
        using Database guest = Open(2);
        using Session own = owner.OpenSession();
        using Session other = guest.OpenSession();
        using var connection = new QueueConnection(owner.Sync, owner.NodeKey.PublicKey, guest.Sync, guest.NodeKey.PublicKey);
        SqlNode.Run(own, "CREATE DATABASE app; USE app; CREATE TABLE t (id VARCHAR(9) PRIMARY KEY, v INT); INSERT INTO t VALUES ('a', 1)");
        SqlNode.Run(other, $"CALL p2pdb.join('{SqlNode.Run(own, "CALL p2pdb.invite('app', 'write')")}')");
        connection.Settle();
        Assert.Equal("", SqlNode.Run(own, "UPDATE t SET v = 2"));
        Assert.Equal("", SqlNode.Run(other, "USE app; UPDATE t SET v = 3"));
        connection.Settle();

        const string Query = "SELECT * FROM p2pdb.history" + InOrder;
        string history = SqlNode.Run(own, Query);
        Assert.Equal(3, history.Split('\n').Length);
        Assert.Equal(history, SqlNode.Run(other, Query));
    }

    [Fact]
    public void A_transaction_in_parts_is_read_from_any_of_them()
    {
        using Database database = Open(1, bodyLengthMax: 4000);
        using Session session = database.OpenSession();
        SqlNode.Run(session, "CREATE DATABASE app; USE app; CREATE TABLE t (id INT PRIMARY KEY, v TEXT); SET p2pdb_log_statements = ON; BEGIN");
        for (int i = 0; i < 30; i++)
            Assert.Equal("", SqlNode.Run(session, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO t VALUES ({i}, REPEAT('{(char)('a' + (i % 26))}', {i * 500}))")));
        Assert.Equal("", SqlNode.Run(session, "COMMIT"));

        const string Columns = "seq, entry_id, position, row_key, LENGTH(changes->>'$.v'), statement";
        string[] all = SqlNode.Run(session, $"SELECT {Columns} FROM p2pdb.history ORDER BY seq, position").Split('\n');
        Assert.Equal(30, all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            string[] fields = all[i].Split('|');
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), fields[3]);
            Assert.Equal((i * 500).ToString(CultureInfo.InvariantCulture), fields[4]);
            Assert.StartsWith($"INSERT INTO t VALUES ({i},", fields[5], StringComparison.Ordinal);
            Assert.Contains(all[i], SqlNode.Run(session, $"SELECT {Columns} FROM p2pdb.history WHERE entry_id = '{fields[1]}' ORDER BY position").Split('\n'));
            Assert.Contains(all[i], SqlNode.Run(session, $"SELECT {Columns} FROM p2pdb.history WHERE seq >= {fields[0]} ORDER BY position").Split('\n'));
        }
    }

    private static Database Open(int seed, int bodyLengthMax = 0)
    {
        var options = new DatabaseOptions { Volume = new MemoryVolume(new Random(seed)), HasTicker = false, JoinPatience = TimeSpan.Zero, Seed = seed };
        return Database.Open("", bodyLengthMax == 0 ? options : options with { BodyLengthMax = bodyLengthMax });
    }
}
