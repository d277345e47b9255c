using System.Globalization;
using System.Text;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>A statement that keeps more rows than it may ends with an error that says what to do, and leaves the session as it was.</summary>
public sealed class StatementMemoryTests : IDisposable
{
    private readonly SqlNode _node = new();

    public StatementMemoryTests()
    {
        _node.Run("CREATE TABLE t (id INT PRIMARY KEY, n INT, text VARCHAR(200))");
        var rows = new StringBuilder("INSERT INTO t VALUES ");
        for (int i = 0; i < 5000; i++)
            rows.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}({i}, {i * 7 % 5000}, REPEAT('x', 100))");
        Assert.Equal("", _node.Run(rows.ToString()));
    }

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("SELECT GROUP_CONCAT(text) FROM t")]
    [InlineData("SELECT COUNT(DISTINCT n, text) FROM t")]
    [InlineData("SELECT n, id, COUNT(*) FROM t GROUP BY n, id WITH ROLLUP")]
    [InlineData("SELECT n, text FROM t EXCEPT SELECT id, text FROM t")]
    [InlineData("SELECT COUNT(*) FROM t WHERE CONCAT(text, n) IN (SELECT CONCAT(text, n) FROM t)")]
    [InlineData("SELECT COUNT(*) FROM t a WHERE (SELECT MAX(text) FROM t b WHERE b.n = a.id) = ''")]
    [InlineData("UPDATE t SET text = '' WHERE text LIKE 'x%'")]
    public void What_keeps_too_much_fails_and_what_has_room_does_not(string statement)
    {
        _node.Run("SET p2pdb_statement_memory = 70000");
        TextSink sink = _node.Sink(statement);

        Assert.Equal(1038, Assert.Single(sink.Errors).Code);
        Assert.Contains("p2pdb_statement_memory = 70000", sink.Errors[0].Message, StringComparison.Ordinal);

        Assert.Equal("3", _node.Run("SELECT COUNT(*) FROM (SELECT DISTINCT n % 3 FROM t) AS few"));
        _node.Run("SET p2pdb_statement_memory = DEFAULT");
        Assert.Empty(_node.Sink(statement).Errors);
    }

    [Fact]
    public void The_default_is_a_quarter_of_a_gibibyte()
    {
        Assert.Equal("268435456|268435456", _node.Run("SELECT @@p2pdb_statement_memory, @@global.p2pdb_statement_memory"));
    }
}
