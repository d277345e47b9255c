using System.Text;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Types;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: statement text. It parses or ends with a SQL error, nothing else; a query that parses prints to text that parses and prints the same.
/// </summary>
internal sealed class SqlTarget : IFuzzTarget
{
    private static readonly StatementFingerprint Fingerprint = new();

    public string Name => "sql";

    // A tree is larger than its text: about 100 bytes for each of two bytes, and the printed text several times that.
    public int AllocationSlack => 8 * 1024 * 1024;

    public IEnumerable<byte[]> Seeds =>
    [
        "SELECT c FROM t WHERE id=?"u8.ToArray(),
        "SELECT a.*, COUNT(DISTINCT b) AS c FROM t a LEFT JOIN u ON a.x = u.x WHERE b IN (1, 'x', 0x1F) GROUP BY 1 HAVING c > 1.5e3 ORDER BY 1 DESC LIMIT 2, 3"u8.ToArray(),
        "INSERT INTO t (a, b) VALUES (1, 'a\\'b'), (DEFAULT, NULL) ON DUPLICATE KEY UPDATE a = VALUES(a) + 1"u8.ToArray(),
        "(SELECT 1) UNION ALL (SELECT CASE WHEN a THEN b ELSE c END FROM d) /*! LIMIT 1 */ -- x"u8.ToArray(),
        "CREATE TABLE t (id INT UNSIGNED NOT NULL AUTO_INCREMENT, e ENUM('a','b') DEFAULT 'a', PRIMARY KEY (id)) ENGINE=InnoDB"u8.ToArray(),
        "ALTER TABLE t ADD COLUMN a INT FIRST, DROP KEY k"u8.ToArray(),
        "CREATE PROCEDURE p() BEGIN DECLARE x INT; IF x THEN SET x = 1; END IF; END"u8.ToArray(),
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool hasKey = Fingerprint.TryCompute(input, default);
        Statement statement;
        int consumed;
        try
        {
            statement = Parser.Parse(input, default, out consumed);
            FuzzLaw.Require(consumed > 0 && consumed <= input.Length, "consumed is inside the text");
            FuzzLaw.Require(!hasKey || Fingerprint.Consumed == consumed, "fingerprint and parser end at the same byte");
        }
        catch (SqlException error)
        {
            probe.Reached(error.Error.Code);
            return false;
        }

        if (statement is SelectStatement select && TryPrint(select, out string once))
        {
            var again = (SelectStatement)Parser.Parse(Encoding.UTF8.GetBytes(once), default, out _);
            FuzzLaw.Require(TryPrint(again, out string twice) && once == twice, "printed text prints the same");
        }

        return Guide(input, consumed, probe);
    }

    // Only text that is read to its end and holds a token for every sixteen bytes counts as accepted. Else the pool fills with `BEGIN;` and comments,
    // before whatever bytes, and the grammar is left alone. Pairs of neighbouring tokens are what a run can reach.
    private static bool Guide(ReadOnlySpan<byte> input, int consumed, FuzzProbe probe)
    {
        if (!Parser.IsBlank(input[consumed..]))
            return false;
        var lexer = new Lexer(input[..consumed], default);
        int count = 0;
        int previous = 0;
        for (Token token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            int current = token.Keyword == Keyword.None ? (int)token.Kind : 64 + (int)token.Keyword;
            probe.Reached(10_000 + (previous * 1024) + current);
            previous = current;
            count++;
        }

        return count > 2 && count >= input.Length / 16;
    }

    private static bool TryPrint(SelectStatement select, out string text)
    {
        StringBuilder printed = new();
        text = string.Empty;
        try
        {
            QueryPrinter.Print(printed, select.Query);
        }
        catch (NotSupportedException)
        {
            return false;
        }

        text = printed.ToString();
        return true;
    }
}
