using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Sql;

/// <summary>Turns statement text into a tree.</summary>
internal static class Parser
{
    /// <summary>
    /// Parses the first statement of <paramref name="sql"/>; throws a SQL error (1064, 1065, …) where there is none. <paramref name="consumed"/> is the
    /// count of bytes up to and with the semicolon: while it is less than the text's length and <see cref="IsBlank"/> does not
    /// hold for the rest, another statement follows. Positions and lines count from the start of <paramref name="sql"/>.
    /// </summary>
    public static Statement Parse(ReadOnlySpan<byte> sql, in ParseOptions options, out int consumed)
    {
        var cursor = new TokenCursor(sql, options) { InRoutine = options.InRoutine };
        if (cursor.Is(TokenKind.End) || (cursor.Is(TokenKind.Semicolon) && IsBlank(sql[cursor.Current.End..])))
            throw SyntaxErrors.EmptyQuery();

        Statement statement = StatementParser.Parse(ref cursor);
        consumed = sql.Length;
        if (cursor.Is(TokenKind.Semicolon))
            consumed = cursor.Current.End;
        else if (!cursor.Is(TokenKind.End))
            throw cursor.Fail();
        return cursor.ParameterCount == 0 ? statement : statement with { ParameterCount = cursor.ParameterCount };
    }

    /// <summary>Parses text that must hold one statement, with nothing but a semicolon behind it.</summary>
    public static Statement ParseSingle(ReadOnlySpan<byte> sql, in ParseOptions options)
    {
        Statement statement = Parse(sql, options, out int consumed);
        return IsBlank(sql[consumed..]) ? statement : throw SyntaxErrors.Syntax(sql, consumed + FirstToken(sql[consumed..], options));
    }

    /// <summary>True where only spaces, comments and semicolons remain, which MySQL cuts off a text before it reads it.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> sql)
    {
        var lexer = new Lexer(sql, default);
        TokenKind kind;
        do
            kind = lexer.Next().Kind;
        while (kind == TokenKind.Semicolon);
        return kind == TokenKind.End;
    }

    private static int FirstToken(ReadOnlySpan<byte> sql, in ParseOptions options) => new Lexer(sql, options).Next().Start;
}
