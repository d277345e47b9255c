using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Queries;

/// <summary>Parses INTO and the file formats of INTO OUTFILE and LOAD DATA.</summary>
internal static class IntoParser
{
    /// <summary>Parses INTO variables, OUTFILE or DUMPFILE.</summary>
    public static IntoClause Parse(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.INTO);
        if (cursor.Accept(Keyword.DUMPFILE))
            return new IntoClause([], cursor.StringText()) { IsDump = true };
        if (cursor.Accept(Keyword.OUTFILE))
        {
            string file = cursor.StringText();
            string? characterSet = TryCharacterSet(ref cursor);
            return new IntoClause([], file) { CharacterSet = characterSet, Format = TryFormat(ref cursor) };
        }

        List<ExpressionNode> variables = [];
        do
        {
            int position = cursor.Current.Start;
            variables.Add(cursor.Is(TokenKind.UserVariable)
                ? new UserVariableNode(OperandParser.VariableName(ref cursor)) { Position = position }
                : new ColumnNode(null, null, cursor.Name()) { Position = position });
        }
        while (cursor.Accept(TokenKind.Comma));
        return new IntoClause([.. variables], null);
    }

    /// <summary>Parses CHARACTER SET name (or CHARSET name) where it stands here.</summary>
    public static string? TryCharacterSet(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.CHARSET))
        {
            if (!cursor.Accept(Keyword.CHARACTER) && !cursor.Accept(Keyword.CHAR))
                return null;
            cursor.Expect(Keyword.SET);
        }

        return cursor.CharacterSetName();
    }

    /// <summary>Parses FIELDS and LINES where they stand here; null where neither does.</summary>
    public static FileFormat? TryFormat(ref TokenCursor cursor)
    {
        FileFormat? format = null;
        if (cursor.Accept(Keyword.FIELDS) || cursor.Accept(Keyword.COLUMNS))
        {
            format = new FileFormat();
            int start = cursor.Current.Start;
            while (true)
            {
                if (cursor.Accept(Keyword.TERMINATED, Keyword.BY))
                {
                    format = format with { FieldTerminator = Text(ref cursor) };
                }
                else if (cursor.Accept(Keyword.OPTIONALLY))
                {
                    cursor.Expect(Keyword.ENCLOSED, Keyword.BY);
                    format = format with { FieldEnclosure = Text(ref cursor), IsEnclosureOptional = true };
                }
                else if (cursor.Accept(Keyword.ENCLOSED, Keyword.BY))
                {
                    format = format with { FieldEnclosure = Text(ref cursor) };
                }
                else if (cursor.Accept(Keyword.ESCAPED, Keyword.BY))
                {
                    format = format with { FieldEscape = Text(ref cursor) };
                }
                else
                {
                    break;
                }
            }

            if (cursor.Current.Start == start)
                throw cursor.Fail();
        }

        if (cursor.Accept(Keyword.LINES))
        {
            format ??= new FileFormat();
            int start = cursor.Current.Start;
            while (true)
            {
                if (cursor.Accept(Keyword.TERMINATED, Keyword.BY))
                    format = format with { LineTerminator = Text(ref cursor) };
                else if (cursor.Accept(Keyword.STARTING, Keyword.BY))
                    format = format with { LineStart = Text(ref cursor) };
                else
                    break;
            }

            if (cursor.Current.Start == start)
                throw cursor.Fail();
        }

        return format;
    }

    private static byte[] Text(ref TokenCursor cursor) =>
        cursor.Current.Kind is TokenKind.Hex or TokenKind.Bits
            ? ((BinaryLiteral)OperandParser.Parse(ref cursor)).Value
            : cursor.StringBytes();
}
