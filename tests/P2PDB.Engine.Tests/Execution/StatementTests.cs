namespace P2PDB.Engine.Tests.Execution;

/// <summary>Statements from text to answer, through log, apply and store.</summary>
public sealed class StatementTests : IDisposable
{
    private readonly SqlNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Rows_are_written_read_changed_and_removed()
    {
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL DEFAULT 7, c VARCHAR(20), KEY (k))");
        Assert.Equal(3UL, Sink("INSERT INTO t (k, c) VALUES (1,'a'),(2,'b'),(3,'c')").Outcome.AffectedRows);
        Assert.Equal("1|1|a\n2|2|b\n3|3|c", Run("SELECT * FROM t ORDER BY id"));
        Assert.Equal("b", Run("SELECT c FROM t WHERE id = 2"));
        Assert.Equal("6", Run("SELECT SUM(k) FROM t WHERE id BETWEEN 1 AND 3"));
        Assert.Equal(1UL, Sink("UPDATE t SET k = k + 10 WHERE id = 2").Outcome.AffectedRows);
        Assert.Equal(0UL, Sink("UPDATE t SET k = 12 WHERE id = 2").Outcome.AffectedRows);
        Assert.Equal("2|12|b", Run("SELECT * FROM t WHERE k > 10"));
        Assert.Equal(1UL, Sink("DELETE FROM t WHERE k = 1").Outcome.AffectedRows);
        Assert.Equal("2", Run("SELECT COUNT(*) FROM t"));
        Assert.Equal("error 1062", Run("INSERT INTO t (id) VALUES (2)"));
    }

    [Fact]
    public void Rows_of_one_statement_are_found_by_plain_indexes_in_it_and_after_it()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, k INT, KEY (k)); CREATE TABLE u (id INT PRIMARY KEY, k INT, KEY (k))");
        Run("INSERT INTO t VALUES (1,10),(1,20),(2,30) ON DUPLICATE KEY UPDATE k = VALUES(k)");
        Run("REPLACE INTO t VALUES (3,40),(3,50)");
        Assert.Equal("1|20\n2|30\n3|50", Run("SELECT id, k FROM t FORCE INDEX (k) WHERE k > 0 ORDER BY k"));

        Run("BEGIN; INSERT INTO t VALUES (4,60)");
        Assert.Equal("4", Run("SELECT id FROM t WHERE k = 60"));
        Run("ROLLBACK");
        Assert.Equal("", Run("SELECT id FROM t WHERE k = 60"));

        Run("INSERT INTO u VALUES (1,5),(2,5),(3,(SELECT COUNT(*) FROM t WHERE k > 20))");
        Assert.Equal("3", Run("SELECT id FROM u WHERE k = 2"));
    }

    [Fact]
    public void An_update_of_several_tables_that_failed_changes_all_rows_when_it_runs_again()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, v TINYINT); CREATE TABLE u (id INT PRIMARY KEY)");
        Run("INSERT INTO t VALUES (1, 0), (2, 0); INSERT INTO u VALUES (1), (2)");

        Assert.Equal("error 1264", Run("UPDATE t JOIN u ON t.id = u.id SET t.v = 1000"));
        Run("UPDATE t JOIN u ON t.id = u.id SET t.v = 5");

        Assert.Equal("5\n5", Run("SELECT v FROM t"));
    }

    [Fact]
    public void A_transaction_sees_its_own_changes_and_rolls_back()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, c VARCHAR(20), UNIQUE (c))");
        Run("INSERT INTO t VALUES (1,'a'),(2,'b')");
        Run("BEGIN; INSERT INTO t VALUES (3,'c'); SAVEPOINT s; DELETE FROM t WHERE id = 1; UPDATE t SET c = 'z' WHERE id = 2");
        Assert.Equal("2|z\n3|c", Run("SELECT * FROM t ORDER BY c DESC"));
        Run("ROLLBACK TO s");
        Assert.Equal("1|a\n2|b\n3|c", Run("SELECT * FROM t ORDER BY c"));
        Run("ROLLBACK");
        Assert.Equal("1|a\n2|b", Run("SELECT * FROM t"));
    }

    [Fact]
    public void Joins_groups_and_subqueries()
    {
        Run("CREATE TABLE a (id INT PRIMARY KEY, x INT); CREATE TABLE b (id INT PRIMARY KEY, a INT, y INT, KEY (a))");
        Run("INSERT INTO a VALUES (1,10),(2,20),(3,30); INSERT INTO b VALUES (1,1,5),(2,1,6),(3,2,7)");
        Assert.Equal("1|5\n1|6\n2|7", Run("SELECT a.id, y FROM a JOIN b ON b.a = a.id ORDER BY y"));
        Assert.Equal("1|2\n2|1\n3|0", Run("SELECT a.id, COUNT(b.id) n FROM a LEFT JOIN b ON b.a = a.id GROUP BY a.id ORDER BY a.id"));
        Assert.Equal("3", Run("SELECT id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.a = a.id)"));
        Assert.Equal("1\n2", Run("SELECT id FROM a WHERE id IN (SELECT a FROM b) ORDER BY 1"));
        Assert.Equal("30", Run("SELECT MAX(x) FROM a WHERE x > (SELECT MIN(x) FROM a)"));
        Assert.Equal("1\n2\n3", Run("SELECT id FROM a UNION SELECT id FROM b ORDER BY id"));
    }

    [Fact]
    public void A_join_condition_sees_the_tables_that_it_joins()
    {
        Run("CREATE TABLE a (id INT PRIMARY KEY, x INT); CREATE TABLE b (id INT PRIMARY KEY, y INT); CREATE TABLE c (id INT PRIMARY KEY, x INT)");
        Run("INSERT INTO a VALUES (1,10),(2,20); INSERT INTO b VALUES (1,10),(2,30); INSERT INTO c VALUES (1,5),(2,6)");
        Assert.Equal("error 1054", Run("SELECT * FROM a LEFT JOIN b ON c.id = b.id LEFT JOIN c ON a.id = c.id"));
        Assert.Equal("error 1054", Run("SELECT * FROM a, b JOIN c ON a.id = c.id"));
        // x is a's there: c is joined later.
        Assert.Equal("1|5", Run("SELECT a.id, c.x FROM a JOIN b ON x = y JOIN c ON c.id = b.id"));
        Assert.Equal("error 1052", Run("SELECT * FROM a JOIN c ON x = 5"));
        Assert.Equal("1", Run("SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b JOIN c ON b.id = c.id AND y = a.x)"));
    }

    [Fact]
    public void A_derived_table_is_no_target_of_a_change()
    {
        Run("CREATE TABLE a (id INT PRIMARY KEY, x INT); INSERT INTO a VALUES (1,10)");
        Assert.Equal("error 1288", Run("DELETE p, q FROM a AS p JOIN (SELECT id FROM a) AS q ON p.id = q.id"));
        Assert.Equal("error 1288", Run("UPDATE a AS p JOIN (SELECT id FROM a) AS q ON p.id = q.id SET q.id = 2"));
        Assert.Equal("1|10", Run("SELECT * FROM a"));
    }

    [Theory]
    [InlineData("SELECT MAKETIME(-9223372036854775808, 0, 0), MAKETIME(9223372036854775807, 0, 0)", "-838:59:59|838:59:59")]
    [InlineData("SELECT SEC_TO_TIME(-9223372036854.775808)", "-838:59:59.000000")]
    [InlineData("SELECT CONV('a', -9223372036854775808, 10), CONV('a', 16, 9223372036854775807)", "NULL|NULL")]
    [InlineData("SELECT BENCHMARK(2, n + 1), BENCHMARK(-1, n), BENCHMARK(NULL, n) FROM (SELECT 1 AS n UNION SELECT 2) t", "0|NULL|NULL\n0|NULL|NULL")]
    public void Functions_take_the_ends_of_their_ranges(string sql, string rows) => Assert.Equal(rows, Run(sql));

    [Fact]
    public void What_was_committed_is_there_after_reopening()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, c TEXT); INSERT INTO t VALUES (1,'kept')");
        _node.Restart();
        Assert.Equal("kept", Run("SELECT c FROM t"));
    }

    [Fact]
    public void Show_and_information_schema_answer()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, c VARCHAR(20) DEFAULT 'x')");
        Assert.Equal("t", Run("SHOW TABLES"));
        Assert.Equal("id|int|NO|PRI|NULL|\nc|varchar(20)|YES||x|", Run("DESCRIBE t"));
        Assert.Equal("t", Run("SELECT table_name FROM information_schema.tables WHERE table_schema = 'app'"));
        Assert.Equal("1", Run("SELECT @@autocommit"));
        Assert.Equal("autocommit|ON", Run("SHOW VARIABLES LIKE 'autocommit'"));
    }

    [Fact]
    public void A_duplicate_key_updates_and_replaces()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        Run("INSERT INTO t VALUES (1,1)");
        Assert.Equal(2UL, Sink("INSERT INTO t VALUES (1,5) ON DUPLICATE KEY UPDATE n = n + VALUES(n)").Outcome.AffectedRows);
        Assert.Equal("1|6", Run("SELECT * FROM t"));
        Assert.Equal(2UL, Sink("REPLACE INTO t VALUES (1,9)").Outcome.AffectedRows);
        Assert.Equal("1|9", Run("SELECT * FROM t"));
        Run("INSERT IGNORE INTO t VALUES (1,3),(2,4)");
        Assert.Equal("1|9\n2|4", Run("SELECT * FROM t"));
    }

    [Fact]
    public void A_prepared_statement_runs_with_other_values()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, c VARCHAR(20)); INSERT INTO t VALUES (1,'a'),(2,'b')");
        using PreparedStatement statement = _node.Session.Prepare("SELECT c FROM t WHERE id = ?"u8);
        var parameters = new ParameterSet();
        var sink = new TextSink(_node.Session);
        for (int id = 1; id <= 3; id++)
        {
            parameters.Reset(1);
            parameters.SetInt64(0, id);
            statement.Execute(parameters, sink);
        }

        Assert.Equal("a\nb", sink.Text);
    }

    private string Run(string sql) => _node.Run(sql);

    private TextSink Sink(string sql) => _node.Sink(sql);
}
