namespace P2PDB.Engine.Tests.Execution;

/// <summary>A definition that no node would accept is an error of its statement, never an entry without effect.</summary>
public sealed class DefinitionLimitsTests : IDisposable
{
    private readonly SqlNode _node = new();

    public DefinitionLimitsTests() =>
        Assert.DoesNotContain("error", Run("CREATE TABLE t (a INT, b INT, s VARCHAR(700) PRIMARY KEY)"));

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Comments_have_a_length()
    {
        string longest = new('c', 1024);

        Assert.Contains("error 1628", Run($"CREATE TABLE u (a INT) COMMENT '{longest}{longest}c'"));
        Assert.Contains("error 1628", Run($"ALTER TABLE t COMMENT '{longest}{longest}c'"));
        Assert.Contains("error 1629", Run($"CREATE TABLE u (a INT COMMENT '{longest}c')"));
        Assert.Contains("error 1629", Run($"ALTER TABLE t ADD c INT COMMENT '{longest}c'"));
        Assert.Contains("error 1688", Run($"CREATE TABLE u (a INT, KEY (a) COMMENT '{longest}c')"));
        Assert.DoesNotContain("error", Run(
            $"CREATE TABLE u (a INT COMMENT '{longest}', KEY (a) COMMENT '{longest}') COMMENT '{longest}{longest}'"));
        Assert.Contains(longest, Run("SHOW CREATE TABLE u"));
    }

    [Fact]
    public void Columns_indexes_and_their_parts_are_counted()
    {
        string Names(int count, Func<int, string> name) =>
            string.Join(", ", Enumerable.Range(0, count).Select(name));

        Assert.Contains("error 1117", Run($"CREATE TABLE u ({Names(4097, i => $"c{i} INT")})"));
        Assert.Contains("error 1069", Run($"CREATE TABLE u (a INT, {Names(65, i => $"KEY k{i} (a)")})"));
        Assert.Contains("error 1069", Run($"ALTER TABLE t {Names(65, i => $"ADD KEY k{i} (a)")}"));
        string columns = Names(17, i => $"c{i}");
        Assert.Contains("error 1070", Run($"CREATE TABLE u ({Names(17, i => $"c{i} INT")}, KEY ({columns}))"));
        Assert.Contains("error 1070", Run($"CREATE TABLE u ({Names(17, i => $"c{i} INT")}, PRIMARY KEY ({columns}))"));
        Run($"CREATE TABLE u ({Names(17, i => $"c{i} INT")})");
        Assert.Contains("error 1070", Run($"ALTER TABLE u ADD KEY ({columns})"));
    }

    [Fact]
    public void What_the_format_cannot_hold_is_refused_before_it_is_written()
    {
        string expression = "'" + new string('x', 70_000) + "'";

        Assert.Contains("error 1105", Run($"CREATE TABLE u (a TEXT DEFAULT ({expression}))"));
        Assert.Contains("error 1105", Run($"ALTER TABLE t ADD c TEXT DEFAULT ({expression})"));

        Assert.DoesNotContain("error", Run("INSERT INTO t VALUES (1, 2, 'x'); CREATE TABLE u (a INT); SELECT * FROM u"));
    }

    [Fact]
    public void A_key_with_more_weights_than_the_log_holds_is_refused()
    {
        // One letter that sorts as eighteen.
        string key = string.Concat(Enumerable.Repeat("\uFDFA", 700));

        Assert.Contains("error 1071", Run($"INSERT INTO t VALUES (1, 1, '{key}')"));

        Assert.DoesNotContain("error", Run("INSERT INTO t VALUES (1, 1, 'short')"));
        Assert.Contains("error 1071", Run($"UPDATE t SET s = '{key}'"));
        Assert.Contains("short", Run("SELECT s FROM t"));
    }

    private string Run(string sql) => _node.Run(sql);
}
