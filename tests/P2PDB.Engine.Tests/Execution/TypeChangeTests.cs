namespace P2PDB.Engine.Tests.Execution;

/// <summary>
/// ALTER TABLE … MODIFY to another type: rows keep the values they were written with and show them as the present type's. What
/// each pair of types shows is in the conformance file type_changes.test.
/// </summary>
public sealed class TypeChangeTests : IDisposable
{
    private readonly SqlNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Indexes_follow_the_present_type_and_back_again()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, n BIGINT, u INT, KEY (n), UNIQUE (u))");
        Run("INSERT INTO t VALUES (1, 9, 1), (2, 10, 20), (3, 100, 3), (4, NULL, NULL)");

        Run("ALTER TABLE t MODIFY n VARCHAR(20), MODIFY u VARCHAR(20)");
        Run("INSERT INTO t VALUES (5, 'x', 'y')");
        Assert.Equal("10|100|9|x", Run("SELECT GROUP_CONCAT(n ORDER BY n SEPARATOR '|') FROM t FORCE INDEX (n) WHERE n > ''"));
        Assert.Equal("3", Run("SELECT id FROM t WHERE n = '100'"));
        Assert.Equal("2", Run("SELECT id FROM t WHERE u = '20'"));
        Assert.Equal("error 1062", Run("INSERT INTO t VALUES (6, '1', '20')"));
        Run("UPDATE t SET n = CONCAT(n, '!') WHERE id = 1");
        Assert.Equal("1|9!\n2|10\n3|100\n4|NULL\n5|x", Run("SELECT id, n FROM t"));

        Run("SET sql_mode = ''; ALTER TABLE t MODIFY n BIGINT, MODIFY u INT");
        Assert.Equal("1|9|1\n2|10|20\n3|100|3\n4|NULL|NULL\n5|0|0", Run("SELECT * FROM t"));
        Assert.Equal("5\n1\n2\n3", Run("SELECT id FROM t WHERE n >= 0 ORDER BY n"));
    }

    [Fact]
    public void A_narrower_type_spoils_nothing_for_good()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, n INT, s VARCHAR(20), d DECIMAL(8,2), at DATETIME(6))");
        Run("INSERT INTO t VALUES (1, 1000, 'abcdef', 123456.78, '2024-02-29 10:20:30.75')");

        Run("SET sql_mode = ''; ALTER TABLE t MODIFY n TINYINT, MODIFY s CHAR(3), MODIFY d DECIMAL(4,2), MODIFY at TIMESTAMP");
        Assert.Equal("1|127|abc|99.99|2024-02-29 10:20:31", Run("SELECT * FROM t"));
        Run("INSERT INTO t VALUES (2, 7, 'x', 1, '2025-01-01 00:00:00')");

        Run("ALTER TABLE t MODIFY n INT, MODIFY s VARCHAR(20), MODIFY d DECIMAL(8,2), MODIFY at DATETIME(6)");
        Assert.Equal("1|1000|abcdef|123456.78|2024-02-29 10:20:30.750000\n2|7|x|1.00|2025-01-01 00:00:00.000000", Run("SELECT * FROM t"));
    }

    [Theory]
    [InlineData("INT", "1000", "TINYINT", 1264)]
    [InlineData("VARCHAR(9)", "'12abc'", "INT", 1265)]
    [InlineData("VARCHAR(9)", "'abc'", "INT", 1366)]
    [InlineData("VARCHAR(9)", "'abcd'", "VARCHAR(3)", 1406)]
    [InlineData("INT", "1234", "VARCHAR(3)", 1406)]
    [InlineData("INT", "7", "DATE", 1292)]
    [InlineData("INT", "NULL", "INT NOT NULL", 1138)]
    [InlineData("VARCHAR(9)", "'a'", "JSON", 3140)]
    [InlineData("VARCHAR(9)", "'c'", "ENUM('a','b')", 1265)]
    [InlineData("ENUM('a','b')", "'b'", "ENUM('b','a')", 1235)]
    public void A_value_that_does_not_fit_is_an_error_in_strict_mode(string before, string value, string after, int error)
    {
        Run($"CREATE TABLE t (c {before}); INSERT INTO t VALUES ({value})");

        Assert.Equal($"error {error}", Run($"ALTER TABLE t MODIFY c {after}"));
        Assert.Equal(value.Trim('\''), Run("SELECT c FROM t"));
    }

    [Fact]
    public void Values_that_become_one_key_are_an_error()
    {
        Run("CREATE TABLE t (c VARCHAR(9), UNIQUE (c)); INSERT INTO t VALUES ('1'), ('01')");

        Assert.Equal("error 1062", Run("ALTER TABLE t MODIFY c INT"));
    }

    [Fact]
    public void Rows_under_a_primary_key_stay_where_they_are()
    {
        Run("CREATE TABLE t (id BIGINT PRIMARY KEY, s VARCHAR(9)); INSERT INTO t VALUES (1, 'a'), (200, 'b')");

        Assert.Equal("error 1264", Run("SET sql_mode = ''; ALTER TABLE t MODIFY id TINYINT").Split('\n')[^1]);
        Run("ALTER TABLE t MODIFY id INT");
        Assert.Equal("1|a\n200|b", Run("SELECT * FROM t"));
        Assert.Equal("b", Run("SELECT s FROM t WHERE id = 200"));
    }

    [Fact]
    public void A_fill_and_a_counter_follow_the_type()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1); ALTER TABLE t ADD c INT DEFAULT 5");
        Run("ALTER TABLE t MODIFY c VARCHAR(9), ADD KEY (c)");
        Assert.Equal("1|5", Run("SELECT * FROM t WHERE c = '5'"));

        Run("CREATE TABLE u (id INT PRIMARY KEY, n VARCHAR(9), KEY (n)); INSERT INTO u VALUES (1, '41')");
        Run("ALTER TABLE u MODIFY n INT NOT NULL AUTO_INCREMENT; INSERT INTO u (id) VALUES (2)");
        Assert.Equal("1|41\n2|42", Run("SELECT * FROM u"));
    }

    [Fact]
    public void A_time_becomes_one_of_the_day_of_the_change()
    {
        Run("CREATE TABLE t (c TIME); INSERT INTO t VALUES ('10:20:30'); ALTER TABLE t MODIFY c DATETIME");

        Assert.Equal("1|10:20:30", Run("SELECT ABS(DATEDIFF(c, UTC_TIMESTAMP())) <= 1, TIME(c) FROM t"));
    }

    [Fact]
    public void Converted_rows_are_there_after_a_restart()
    {
        Run("CREATE TABLE t (id INT PRIMARY KEY, n DOUBLE, KEY (n)); INSERT INTO t VALUES (1, 2.5), (2, 10)");
        Run("ALTER TABLE t MODIFY n VARCHAR(9); INSERT INTO t VALUES (3, 'z')");
        _node.Restart();
        Assert.Equal("1|2.5\n2|10\n3|z", Run("SELECT * FROM t ORDER BY id"));
        Assert.Equal("2", Run("SELECT id FROM t WHERE n = '10'"));
    }

    private string Run(string sql) => _node.Run(sql);
}
