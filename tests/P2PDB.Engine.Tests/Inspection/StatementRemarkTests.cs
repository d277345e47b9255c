using P2PDB.Engine.Log;
using P2PDB.Engine.Tests.Execution;

namespace P2PDB.Engine.Tests.Inspection;

/// <summary>p2pdb_log_statements keeps the texts of statements beside their effects, and nothing else of them.</summary>
public sealed class StatementRemarkTests : IDisposable
{
    private const string Kept = "SELECT row_key, operation, statement FROM p2pdb.history ORDER BY time, counter, position";

    private readonly SqlNode _node = new();

    public StatementRemarkTests() => Assert.Equal("", _node.Run("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100)); SET p2pdb_log_statements = ON"));

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Nothing_is_kept_unless_it_is_asked_for()
    {
        Assert.Equal("", _node.Run("SET p2pdb_log_statements = OFF; INSERT INTO t VALUES (1, 'a')"));

        Assert.Equal("1|insert|NULL", _node.Run(Kept));
        Assert.Equal("1", _node.Run("SELECT operations FROM p2pdb.log WHERE database_name = 'app' ORDER BY seq DESC LIMIT 1"));
    }

    [Fact]
    public void Each_statement_stands_beside_its_effects()
    {
        Assert.Equal("", _node.Run("INSERT INTO t VALUES (1, 'a'); BEGIN; INSERT INTO t VALUES (2, 'b'), (3, 'c') ;\n UPDATE t SET v = 'd' WHERE id > 1; UPDATE t SET v = 'n' WHERE id = 99;"
            + "DELETE FROM t WHERE id = 3; COMMIT"));

        Assert.Equal("""
            1|insert|INSERT INTO t VALUES (1, 'a')
            2|insert|INSERT INTO t VALUES (2, 'b'), (3, 'c')
            3|insert|INSERT INTO t VALUES (2, 'b'), (3, 'c')
            2|update|UPDATE t SET v = 'd' WHERE id > 1
            3|update|UPDATE t SET v = 'd' WHERE id > 1
            3|delete|DELETE FROM t WHERE id = 3
            """, _node.Run(Kept), ignoreLineEndingDifferences: true);
        Assert.Equal(
            "INSERT INTO t VALUES (2, 'b'), (3, 'c');\nUPDATE t SET v = 'd' WHERE id > 1;\nDELETE FROM t WHERE id = 3",
            _node.Run("SELECT statements FROM p2pdb.log WHERE database_name = 'app' ORDER BY seq DESC LIMIT 1"));
    }

    [Fact]
    public void What_is_taken_back_leaves_no_text()
    {
        Assert.Equal("error 1062", _node.Run("BEGIN; INSERT INTO t VALUES (1, 'a'); SAVEPOINT s; INSERT INTO t VALUES (2, 'gone'); ROLLBACK TO s; INSERT INTO t VALUES (3, 'x'), (1, 'dup')"));
        Assert.Equal("", _node.Run("INSERT INTO t VALUES (4, 'd'); COMMIT"));

        Assert.Equal("1|insert|INSERT INTO t VALUES (1, 'a')\n4|insert|INSERT INTO t VALUES (4, 'd')", _node.Run(Kept));
        Assert.Equal(
            "INSERT INTO t VALUES (1, 'a');\nINSERT INTO t VALUES (4, 'd')",
            _node.Run("SELECT statements FROM p2pdb.log WHERE database_name = 'app' ORDER BY seq DESC LIMIT 1"));
    }

    [Fact]
    public void Statements_that_may_carry_secrets_are_not_kept()
    {
        Assert.Equal("", _node.Run("INSERT INTO t VALUES (1, SHA2('hunter2', 256)); BEGIN; INSERT INTO t VALUES (2, 'open'); INSERT INTO t VALUES (3, md5('hunter2'));"
            + "/* the password */ INSERT INTO t VALUES (4, 'comment'); SET p2pdb_log_statements = OFF; INSERT INTO t VALUES (5, 'off'); COMMIT;"
            + "SET p2pdb_log_statements = ON; CREATE TABLE u (`User_Password` TEXT); INSERT INTO u (`User_Password`) VALUES ('hunter2')"));

        Assert.Equal("""
            1|NULL
            2|INSERT INTO t VALUES (2, 'open')
            3|NULL
            4|/* the password */ INSERT INTO t VALUES (4, 'comment')
            5|NULL
            """, _node.Run("SELECT row_key, statement FROM p2pdb.history WHERE table_name = 't' ORDER BY row_key"), ignoreLineEndingDifferences: true);
        Assert.Equal("NULL", _node.Run("SELECT statement FROM p2pdb.history WHERE table_name = 'u'"));
        Assert.Equal("0", _node.Run("SELECT COUNT(*) FROM p2pdb.log WHERE statements LIKE '%hunter2%'"));
    }

    [Fact]
    public void A_prepared_statement_is_kept_as_it_was_prepared()
    {
        Assert.Equal("", _node.Run("PREPARE p FROM 'INSERT INTO t VALUES (?, ''p'')'; SET @id = 1; EXECUTE p USING @id"));

        Assert.Equal("1|insert|INSERT INTO t VALUES (?, 'p')", _node.Run(Kept));
    }

    [Fact]
    public void Definitions_and_several_databases_have_their_texts_too()
    {
        Assert.Equal("", _node.Run("CREATE DATABASE b; CREATE TABLE b.t (id INT PRIMARY KEY); BEGIN; INSERT INTO t VALUES (1, 'a'); INSERT INTO b.t VALUES (2); INSERT INTO t VALUES (3, 'c'); COMMIT"));

        Assert.Equal("CREATE TABLE b.t (id INT PRIMARY KEY)", _node.Run("SELECT statements FROM p2pdb.log WHERE database_name = 'b' AND seq = 1"));
        Assert.Equal("INSERT INTO b.t VALUES (2)", _node.Run("SELECT statement FROM p2pdb.history WHERE database_name = 'b'"));
        Assert.Equal("INSERT INTO t VALUES (1, 'a')\nINSERT INTO t VALUES (3, 'c')", _node.Run("SELECT statement FROM p2pdb.history WHERE database_name = 'app' ORDER BY position"));
    }

    [Fact]
    public void A_long_text_is_cut_off_and_says_so()
    {
        string text = "INSERT INTO t VALUES (1, 'ä') /* " + new string('ä', StatementRemark.LengthMax) + " */";
        Assert.Equal("", _node.Run(text));

        string kept = _node.Run("SELECT statement FROM p2pdb.history");
        Assert.StartsWith("INSERT INTO t VALUES (1, 'ä') /* ää", kept, StringComparison.Ordinal);
        Assert.EndsWith($"ä /* … cut off: {System.Text.Encoding.UTF8.GetByteCount(text)} bytes in all */", kept, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(kept), StatementRemark.LengthMax - 1, StatementRemark.LengthMax);
    }

    [Fact]
    public void What_is_no_text_or_too_long_may_not_stand_in_an_entry()
    {
        Assert.True(StatementRemark.IsValid([]));
        Assert.True(StatementRemark.IsValid(new byte[StatementRemark.LengthMax]));
        Assert.False(StatementRemark.IsValid(new byte[StatementRemark.LengthMax + 1]));
        Assert.False(StatementRemark.IsValid([0xFF]));
    }
}
