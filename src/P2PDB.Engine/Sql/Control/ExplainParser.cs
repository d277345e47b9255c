using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Parses EXPLAIN and DESCRIBE, which are one word with three spellings.</summary>
internal static class ExplainParser
{
    /// <summary>Parses the statement whose word stands here.</summary>
    public static Statement Parse(ref TokenCursor cursor)
    {
        cursor.Advance();
        bool hasOption = cursor.Current.Keyword is Keyword.ANALYZE or Keyword.EXTENDED or Keyword.PARTITIONS or Keyword.FORMAT or Keyword.INTO or Keyword.FOR;
        bool isTable = !QueryParser.StartsQuery(cursor) && cursor.IsName()
            && (!hasOption || cursor.Next.Kind is TokenKind.End or TokenKind.Semicolon or TokenKind.Dot);
        if (isTable)
        {
            ObjectName table = cursor.ObjectName();
            string? column = cursor.Is(TokenKind.String) || cursor.IsName() ? cursor.NameOrString() : null;
            return new DescribeStatement(table, column);
        }

        var explain = new ExplainStatement((Statement?)null) { IsAnalyze = cursor.Accept(Keyword.ANALYZE) };
        if (!explain.IsAnalyze && !cursor.Accept(Keyword.EXTENDED))
            cursor.Accept(Keyword.PARTITIONS);
        if (cursor.Accept(Keyword.FORMAT))
        {
            cursor.Expect(TokenKind.Equal);
            explain = explain with { Format = cursor.NameOrString().ToUpperInvariant() };
        }

        if (cursor.Accept(Keyword.INTO))
            explain = explain with { IntoVariable = OperandParser.VariableName(ref cursor) };
        if (cursor.Accept(Keyword.FOR))
        {
            if (cursor.Accept(Keyword.CONNECTION))
                return explain with { Connection = cursor.Number() };
            if (!cursor.Accept(Keyword.SCHEMA))
                cursor.Expect(Keyword.DATABASE);
            explain = explain with { Schema = cursor.Name() };
        }

        if (cursor.Current.Keyword is not (Keyword.SELECT or Keyword.WITH or Keyword.VALUES or Keyword.TABLE or Keyword.INSERT or Keyword.REPLACE
            or Keyword.UPDATE or Keyword.DELETE) && !cursor.Is(TokenKind.OpenParen))
        {
            throw cursor.Fail();
        }

        return explain with { Target = StatementParser.Parse(ref cursor) };
    }
}
