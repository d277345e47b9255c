using System.Reflection;
using System.Text;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: statement text, which has many forms of one statement. It parses or ends with a SQL error, nothing else. A statement that parses, written with
/// an empty comment in place of each gap, parses to the same kind of statement from the same tokens; a query, printed from its tree, parses and prints the same.
/// </summary>
internal sealed class SqlTarget : IFuzzTarget, IDisposable
{
    private readonly StatementFingerprint _fingerprint = new();
    private readonly ByteWriter _once = new();
    private readonly ByteWriter _twice = new();

    public string Name => "sql";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Engine/Sql/Lexer.cs", "P2PDB.Engine/Sql/TokenCursor.cs", "P2PDB.Engine/Sql/LiteralDecoder.cs", "P2PDB.Engine/Sql/CharacterClasses.cs",
        "P2PDB.Engine/Sql/KeywordTable.cs", "P2PDB.Engine/Sql/Parser.cs", "P2PDB.Engine/Sql/StatementParser.cs", "P2PDB.Engine/Sql/StatementFingerprint.cs",
        "P2PDB.Engine/Sql/SyntaxErrors.cs", "P2PDB.Engine/Sql/Accounts/", "P2PDB.Engine/Sql/Changes/", "P2PDB.Engine/Sql/Control/", "P2PDB.Engine/Sql/Definitions/",
        "P2PDB.Engine/Sql/Expressions/", "P2PDB.Engine/Sql/Programs/", "P2PDB.Engine/Sql/Queries/",
    ];

    // A tree of objects: a column in a list (`a,`, two bytes) is 120 bytes of nodes and text and up to 40 for its place in a list that grows
    // by doubling and is copied once: 80 × just behind a doubling. Rows, tables, parameters and texts take less.
    public int AllocationFactor => 80;

    // A SQL error with its message and the stack that it is thrown through.
    public int AllocationSlack => 8 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream("statements.sql")!;
            using var lines = new StreamReader(file);
            while (lines.ReadLine() is { } line)
                yield return Encoding.UTF8.GetBytes(line);
            // As many short elements as there can be, and just behind a doubling: of a list, of a sum, of rows, of columns.
            foreach (string element in new[] { "1,", "1+", "a,", "-", "a.a,", "(1),", "{}" })
                yield return Encoding.UTF8.GetBytes($"SELECT {string.Concat(Enumerable.Repeat(element, 4000 / element.Length))}1");
            yield return Encoding.UTF8.GetBytes($"SELECT {string.Concat(Enumerable.Repeat("a,", 1024))}a");
            yield return Encoding.UTF8.GetBytes($"INSERT INTO t VALUES {string.Concat(Enumerable.Repeat("(),", 1000))}()");
            yield return Encoding.UTF8.GetBytes($"CREATE TABLE t ({string.Concat(Enumerable.Repeat("a INT,", 600))}b INT)");
            yield return [.. "SELECT _utf8mb4 '"u8, 0xE2, .. "', a LIKE '"u8, 0xE2, .. "' ESCAPE '|'"u8];
        }
    }

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Enum.GetNames<Keyword>().Select(name => Encoding.UTF8.GetBytes($" {name} ")),
        .. "( ) , . ; = := @ @@ ? * + - / % ^ & | ~ ! < > <= >= <> << >> && || -> ->> { } 'x' \"x\" `x` 1 1.5 1e5 0x1F b'1' x'0F' -- # /* */ /*! N'x' _utf8mb4 \\ \n NULL"
            .Split(' ').Select(Encoding.UTF8.GetBytes),
    ];

    // Not a blank: `--` at the end of the text and before a blank is a comment, and two signs otherwise.
    private static ReadOnlySpan<byte> Gap => "/**/"u8;

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool hasKey = _fingerprint.TryCompute(input, default);
        Statement statement;
        int consumed;
        try
        {
            statement = Parser.Parse(input, default, out consumed);
        }
        catch (SqlException error)
        {
            probe.Reached(error.Error.Code);
            return false;
        }

        probe.EndDecoding();
        FuzzLaw.Require(consumed > 0 && consumed <= input.Length, "consumed is inside the text");
        FuzzLaw.Require(!hasKey || _fingerprint.Consumed == consumed, "fingerprint and parser end at the same byte");
        RequireSameTokens(input[..consumed], statement);
        if (statement is SelectStatement select && TryPrint(select, out string once))
        {
            var again = (SelectStatement)Parser.Parse(Encoding.UTF8.GetBytes(once), default, out _);
            FuzzLaw.Require(TryPrint(again, out string twice) && once == twice, "printed text prints the same");
        }

        return Guide(input, consumed, probe);
    }

    public void Dispose()
    {
        _once.Dispose();
        _twice.Dispose();
    }

    private void RequireSameTokens(ReadOnlySpan<byte> text, Statement statement)
    {
        WriteTokens(text, _once);
        Statement again = Parser.Parse(_once.Written, default, out _);
        FuzzLaw.Require(
            again.GetType() == statement.GetType() && again.ParameterCount == statement.ParameterCount, "gaps do not change the statement");
        WriteTokens(_once.Written, _twice);
        FuzzLaw.RequireSame(_once.Written, _twice.Written, "tokens written are the tokens read");
    }

    // Where tokens touch they still do: `f(` and `f (` may be two things.
    private static void WriteTokens(ReadOnlySpan<byte> text, ByteWriter target)
    {
        target.Clear();
        var lexer = new Lexer(text, default);
        int end = 0;
        for (Token token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            if (token.Start > end)
                target.Write(Gap);
            target.Write(text[token.Start..token.End]);
            end = token.End;
        }

        if (text.Length > end)
            target.Write(Gap);
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
        SqlText printed = new();
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
