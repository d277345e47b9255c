using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Changes;

/// <summary>Parses LOAD DATA and LOAD XML.</summary>
internal static class LoadDataParser
{
    /// <summary>Parses the statement; LOAD stands here and DATA or XML behind it.</summary>
    public static LoadDataStatement Parse(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.LOAD);
        bool isXml = cursor.Is(Keyword.XML);
        cursor.Advance();
        WritePriority priority = cursor.Accept(Keyword.LOW_PRIORITY) ? WritePriority.Low
            : cursor.Accept(Keyword.CONCURRENT) ? WritePriority.High
            : WritePriority.Normal;
        bool isLocal = cursor.Accept(Keyword.LOCAL);
        cursor.Expect(Keyword.INFILE);
        string file = cursor.StringText();
        bool isReplace = cursor.Accept(Keyword.REPLACE);
        bool isIgnore = !isReplace && cursor.Accept(Keyword.IGNORE);
        cursor.Expect(Keyword.INTO, Keyword.TABLE);
        ObjectName table = cursor.ObjectName();
        return new LoadDataStatement(file, table)
        {
            IsXml = isXml,
            IsLocal = isLocal,
            Priority = priority,
            IsReplace = isReplace,
            IsIgnore = isIgnore,
            Partitions = cursor.Accept(Keyword.PARTITION) ? cursor.NamesInParentheses() : [],
            CharacterSet = IntoParser.TryCharacterSet(ref cursor),
            RowTag = RowTag(ref cursor),
            Format = IntoParser.TryFormat(ref cursor),
            SkippedLines = SkippedLines(ref cursor),
            Targets = Targets(ref cursor),
            Assignments = cursor.Accept(Keyword.SET) ? UpdateParser.Assignments(ref cursor) : [],
        };
    }

    private static byte[]? RowTag(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.ROWS))
            return null;
        cursor.Expect(Keyword.IDENTIFIED, Keyword.BY);
        return cursor.StringBytes();
    }

    private static ulong SkippedLines(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.IGNORE))
            return 0;
        ulong count = cursor.Number();
        if (!cursor.Accept(Keyword.LINES))
            cursor.Expect(Keyword.ROWS);
        return count;
    }

    private static ExpressionNode[] Targets(ref TokenCursor cursor)
    {
        if (!cursor.Accept(TokenKind.OpenParen))
            return [];
        List<ExpressionNode> targets = [];
        if (!cursor.Is(TokenKind.CloseParen))
        {
            do
            {
                int position = cursor.Current.Start;
                targets.Add(cursor.Is(TokenKind.UserVariable)
                    ? new UserVariableNode(OperandParser.VariableName(ref cursor)) { Position = position }
                    : OperandParser.Column(ref cursor));
            }
            while (cursor.Accept(TokenKind.Comma));
        }

        cursor.Expect(TokenKind.CloseParen);
        return [.. targets];
    }
}
