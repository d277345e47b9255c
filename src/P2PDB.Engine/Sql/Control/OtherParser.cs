using System.Text;
using P2PDB.Engine.Sql.Ast.Control;

namespace P2PDB.Engine.Sql.Control;

/// <summary>Takes a statement that is known and not executed: its first words, then anything in balanced parentheses up to the semicolon.</summary>
internal static class OtherParser
{
    private const int CommandWordsMax = 3;

    /// <summary>Takes the rest of the statement that began at <paramref name="start"/>.</summary>
    public static OtherStatement Parse(ref TokenCursor cursor, int start)
    {
        int depth = 0;
        int content = 0;
        while (cursor.Current.Kind is not (TokenKind.End or TokenKind.Semicolon))
        {
            depth += cursor.Current.Kind switch { TokenKind.OpenParen => 1, TokenKind.CloseParen => -1, _ => 0 };
            if (cursor.Is(TokenKind.Invalid) || depth < 0)
                throw cursor.Fail();
            content++;
            cursor.Advance();
        }

        if (depth != 0 || content == 0)
            throw cursor.Fail();
        return new OtherStatement(Command(cursor.Text[start..cursor.TakenEnd], cursor.Options), cursor.TextFrom(start));
    }

    private static string Command(ReadOnlySpan<byte> text, in ParseOptions options)
    {
        var lexer = new Lexer(text, options);
        StringBuilder command = new();
        for (int i = 0; i < CommandWordsMax; i++)
        {
            Token token = lexer.Next();
            if (token.Keyword == Keyword.None)
                break;
            if (i > 0)
                command.Append(' ');
            command.Append(token.Keyword);
        }

        return command.ToString();
    }
}
