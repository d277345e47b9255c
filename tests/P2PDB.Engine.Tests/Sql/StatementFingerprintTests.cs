using System.Text;
using P2PDB.Engine.Sql;

namespace P2PDB.Engine.Tests.Sql;

public class StatementFingerprintTests
{
    [Theory]
    [InlineData("SELECT c FROM t WHERE id=1", "SELECT c FROM t WHERE id = 22 -- x")]
    [InlineData("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "insert into t values (9,'it''s'),(8,'')")]
    [InlineData("UPDATE t SET a = a + 1 WHERE b IN (1, 2)", "UPDATE t SET a = a + 7 WHERE b IN (3, 4)")]
    [InlineData("DELETE FROM t WHERE a BETWEEN 1.50 AND 2", "DELETE FROM t WHERE a BETWEEN 2.25 AND 3;")]
    public void Same_but_for_values_is_same_key(string one, string other) => Assert.Equal(Key(one), Key(other));

    [Theory]
    [InlineData("SELECT 1 FROM t", "SELECT 2 FROM t")]
    [InlineData("SELECT a+b FROM t", "SELECT a + b FROM t")]
    [InlineData("SELECT a FROM t LIMIT 1", "SELECT a FROM t LIMIT 2")]
    [InlineData("SELECT a FROM t ORDER BY 1", "SELECT a FROM t ORDER BY 2")]
    [InlineData("SELECT a FROM t GROUP BY 1", "SELECT a FROM t GROUP BY 2")]
    [InlineData("SELECT a FROM t WHERE ROUND(a, 1) = 1", "SELECT a FROM t WHERE ROUND(a, 2) = 1")]
    [InlineData("SELECT a FROM t WHERE a = 1", "SELECT a FROM t WHERE a = '1'")]
    [InlineData("SELECT a FROM t WHERE a = 1", "SELECT a FROM t WHERE a = 18446744073709551615")]
    [InlineData("SELECT a FROM t WHERE a = 1.5", "SELECT a FROM t WHERE a = 1.25")]
    [InlineData("SELECT a FROM t WHERE a = DATE '2020-01-01'", "SELECT a FROM t WHERE a = DATE '2020-01-02'")]
    [InlineData("SELECT a FROM t WHERE a > NOW() - INTERVAL 1 DAY", "SELECT a FROM t WHERE a > NOW() - INTERVAL 2 DAY")]
    [InlineData("SELECT a FROM t WHERE a = '2020-01-01' + INTERVAL 1 DAY", "SELECT a FROM t WHERE a = '2020-01-02' + INTERVAL 1 DAY")]
    [InlineData("SELECT a FROM t WHERE a->'$.a' = 1", "SELECT a FROM t WHERE a->'$.b' = 1")]
    [InlineData("SELECT a FROM t WHERE a = 'x' 'y'", "SELECT a FROM t WHERE a = 'x' 'z'")]
    [InlineData("SELECT a FROM t WHERE a IN (1, 2)", "SELECT a FROM t WHERE a IN (1, 2, 3)")]
    [InlineData("SELECT a FROM t WHERE a = (SELECT 1 FROM u)", "SELECT a FROM t WHERE a = (SELECT 2 FROM u)")]
    [InlineData("SELECT a FROM t WHERE a = 1", "SELECT a FROM T WHERE a = 1")]
    [InlineData("SELECT /*+ X */ a FROM t", "SELECT /*+ Y */ a FROM t")]
    [InlineData("SELECT EXTRACT(YEAR FROM a), 1 FROM t", "SELECT EXTRACT(YEAR FROM a), 2 FROM t")]
    [InlineData("SELECT a FROM t WHERE a = ?", "SELECT a FROM t WHERE a = 1")]
    public void What_a_plan_depends_on_is_in_the_key(string one, string other) => Assert.NotEqual(Key(one), Key(other));

    [Theory]
    [InlineData("CREATE TABLE t (a INT)")]
    [InlineData("SET a = 1")]
    [InlineData("SELECT 'a")]
    [InlineData("SELECT (1")]
    [InlineData("")]
    public void Other_statements_have_no_key(string sql) => Assert.Null(Key(sql));

    [Fact]
    public void Slots_are_found_by_position()
    {
        byte[] sql = "SELECT 5 FROM t WHERE a = 'x' AND b = ? AND c < 7; SELECT 1"u8.ToArray();
        var fingerprint = new StatementFingerprint();

        Assert.True(fingerprint.TryCompute(sql, default));

        Assert.Equal(3, fingerprint.Literals.Length);
        Assert.Equal(1, fingerprint.ParameterCount);
        Assert.Equal(sql.AsSpan().IndexOf((byte)';') + 1, fingerprint.Consumed);
        for (int i = 0; i < 3; i++)
            Assert.Equal(i, fingerprint.SlotAt(fingerprint.Literals[i].Start));
        Assert.Equal(-1, fingerprint.SlotAt(7));
    }

    [Fact]
    public void Warm_fingerprint_allocates_nothing()
    {
        byte[] sql = "SELECT c FROM sbtest1 WHERE id=1234 AND k IN (1, 2, 3) ORDER BY c"u8.ToArray();
        var fingerprint = new StatementFingerprint();
        fingerprint.TryCompute(sql, default);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            fingerprint.TryCompute(sql, default);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string? Key(string sql)
    {
        var fingerprint = new StatementFingerprint();
        return fingerprint.TryCompute(Encoding.UTF8.GetBytes(sql), default) ? Convert.ToHexString(fingerprint.Key) : null;
    }
}
