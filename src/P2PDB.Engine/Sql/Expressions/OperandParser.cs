using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Expressions;

/// <summary>Parses what operators stand between: literals, names, variables, calls, parentheses, CASE.</summary>
internal static class OperandParser
{
    /// <summary>Parses one operand without its prefix and suffix operators.</summary>
    public static ExpressionNode Parse(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        switch (token.Kind)
        {
            case TokenKind.Integer:
                return Integer(ref cursor);
            case TokenKind.Decimal:
                cursor.Advance();
                return new DecimalLiteral(cursor.Utf8(cursor.TextOf(token))) { Position = token.Start };
            case TokenKind.Float:
                if (!LiteralDecoder.TryFloat(cursor.TextOf(token), out double value))
                    throw SyntaxErrors.Other(1367, "22007", $"Illegal double '{cursor.Utf8(cursor.TextOf(token))}' value found during parsing");
                cursor.Advance();
                return new FloatLiteral(value, cursor.Utf8(cursor.TextOf(token))) { Position = token.Start };
            case TokenKind.String:
                return Text(ref cursor);
            case TokenKind.NationalString:
                return new StringLiteral(Strings(ref cursor), "utf8mb3") { Position = token.Start };
            case TokenKind.Hex or TokenKind.Bits:
                return Binary(ref cursor, null, token.Start);
            case TokenKind.NullEscape:
                cursor.Advance();
                return new NullLiteral { Position = token.Start };
            case TokenKind.Parameter:
                cursor.Advance();
                return new ParameterNode(cursor.ParameterCount++) { Position = token.Start };
            case TokenKind.UserVariable:
                return UserVariable(ref cursor);
            case TokenKind.DoubleAt:
                return SystemVariable(ref cursor);
            case TokenKind.OpenParen:
                return Parenthesised(ref cursor) switch
                {
                    Query query => new SubqueryNode(query) { Position = token.Start },
                    ExpressionNode expression => expression,
                    _ => throw cursor.Fail(),
                };
            case TokenKind.OpenBrace:
                return Braces(ref cursor);
            case TokenKind.Word:
                return Word(ref cursor);
            case TokenKind.QuotedIdentifier or TokenKind.Dot:
                return Name(ref cursor);
            default:
                throw cursor.Fail();
        }
    }

    /// <summary>
    /// Parses a parenthesis whose content may be a query or an expression, which only shows at its end: <c>((SELECT 1) UNION (SELECT 2))</c>
    /// and <c>((SELECT 1) + 1)</c> begin alike. Returns a <see cref="Query"/> or an <see cref="ExpressionNode"/>.
    /// </summary>
    public static object Parenthesised(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        object result = InsideParentheses(ref cursor);
        cursor.Leave(outer);
        return result;
    }

    private static object InsideParentheses(ref TokenCursor cursor)
    {
        int start = cursor.Current.Start;
        cursor.Expect(TokenKind.OpenParen);
        if (QueryParser.IsQueryWord(cursor))
        {
            Query query = QueryParser.Parse(ref cursor);
            cursor.Expect(TokenKind.CloseParen);
            return query;
        }

        if (cursor.Is(TokenKind.OpenParen))
        {
            object inner = Parenthesised(ref cursor);
            if (inner is Query query)
            {
                if (!cursor.Is(TokenKind.CloseParen) && QueryParser.ContinuesQuery(cursor))
                    query = QueryParser.Continue(ref cursor, query);
                if (cursor.Accept(TokenKind.CloseParen))
                    return query;
                cursor.Pending = new SubqueryNode(query) { Position = start + 1 };
            }
            else
            {
                cursor.Pending = (ExpressionNode)inner;
            }
        }

        ExpressionNode first = ExpressionParser.Parse(ref cursor);
        if (cursor.Is(TokenKind.Comma))
        {
            List<ExpressionNode> items = [first];
            while (cursor.Accept(TokenKind.Comma))
                items.Add(ExpressionParser.Parse(ref cursor));
            cursor.Expect(TokenKind.CloseParen);
            return new RowNode([.. items]) { Position = start };
        }

        cursor.Expect(TokenKind.CloseParen);
        return first;
    }

    private static ExpressionNode Integer(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        ReadOnlySpan<byte> digits = cursor.TextOf(token);
        cursor.Advance();
        return LiteralDecoder.TryInteger(digits, out ulong value)
            ? new IntegerLiteral(value, digits.Length) { Position = token.Start }
            : new DecimalLiteral(System.Text.Encoding.ASCII.GetString(digits)) { Position = token.Start };
    }

    // A first part of any form, and plain strings behind it. No check of UTF-8: a character set may say otherwise.
    // Clients send binary values as plain strings too. Bytes that are no characters are a binary string, as in MySQL, where
    // only their use as text fails.
    private static StringLiteral Text(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        byte[] value = Strings(ref cursor);
        return new StringLiteral(value, System.Text.Unicode.Utf8.IsValid(value) ? null : "binary") { Position = position };
    }

    private static byte[] Strings(ref TokenCursor cursor)
    {
        byte[] value = LiteralDecoder.String(cursor.Text, cursor.Current, cursor.Options);
        cursor.Advance();
        while (cursor.Is(TokenKind.String))
        {
            value = [.. value, .. LiteralDecoder.String(cursor.Text, cursor.Current, cursor.Options)];
            cursor.Advance();
        }

        return value;
    }

    private static BinaryLiteral Binary(ref TokenCursor cursor, string? characterSet, int position)
    {
        ReadOnlySpan<byte> text = cursor.TextOf(cursor.Current);
        bool isBits = cursor.Is(TokenKind.Bits);
        byte[] value = isBits ? LiteralDecoder.Bits(text) : LiteralDecoder.Hex(text);
        cursor.Advance();
        return new BinaryLiteral(value, isBits, characterSet) { Position = position };
    }

    private static ExpressionNode UserVariable(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        var variable = new UserVariableNode(VariableName(ref cursor)) { Position = position };
        return cursor.Accept(TokenKind.Assign)
            ? new AssignNode(variable, ExpressionParser.Parse(ref cursor)) { Position = position }
            : variable;
    }

    /// <summary>Takes @name and gives the name.</summary>
    public static string VariableName(ref TokenCursor cursor)
    {
        if (!cursor.Is(TokenKind.UserVariable))
            throw cursor.Fail();
        string name = cursor.Decode(cursor.Current, 1);
        cursor.Advance();
        return name;
    }

    private static SystemVariableNode SystemVariable(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        cursor.Advance();
        VariableScope scope = VariableScope.None;
        if (cursor.IsNext(TokenKind.Dot))
        {
            scope = Scope(cursor.Current.Keyword);
            if (scope != VariableScope.None)
            {
                cursor.Advance();
                cursor.Advance();
            }
        }

        string name = cursor.AnyWord();
        return cursor.Accept(TokenKind.Dot)
            ? new SystemVariableNode(scope, name, cursor.AnyWord()) { Position = position }
            : new SystemVariableNode(scope, null, name) { Position = position };
    }

    /// <summary>The scope a word names, or None.</summary>
    public static VariableScope Scope(Keyword keyword) => keyword switch
    {
        Keyword.GLOBAL => VariableScope.Global,
        Keyword.SESSION or Keyword.LOCAL => VariableScope.Session,
        Keyword.PERSIST => VariableScope.Persist,
        Keyword.PERSIST_ONLY => VariableScope.PersistOnly,
        _ => VariableScope.None,
    };

    // {d '…'}, {t '…'} and {ts '…'} are literals; {fn f(x)} and any other word are the expression behind the word.
    private static ExpressionNode Braces(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        cursor.Advance();
        string word = cursor.AnyWord();
        ExpressionNode content = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.CloseBrace);
        TemporalLiteralKind? kind = word.ToUpperInvariant() switch
        {
            "D" => TemporalLiteralKind.Date,
            "T" => TemporalLiteralKind.Time,
            "TS" => TemporalLiteralKind.Timestamp,
            _ => null,
        };
        return kind is { } known && content is StringLiteral { CharacterSet: null } text
            ? new TemporalLiteral(known, text.Value) { Position = position }
            : content;
    }

    private static ExpressionNode Word(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        switch (token.Keyword)
        {
            case Keyword.None:
                if (cursor.TextOf(token)[0] == '_' && Introduced(ref cursor) is { } literal)
                    return literal;
                break;
            case Keyword.NULL:
                cursor.Advance();
                return new NullLiteral { Position = token.Start };
            case Keyword.TRUE or Keyword.FALSE:
                cursor.Advance();
                return new BooleanLiteral(token.Keyword == Keyword.TRUE) { Position = token.Start };
            case Keyword.DATE or Keyword.TIME or Keyword.TIMESTAMP when cursor.IsNext(TokenKind.String):
                cursor.Advance();
                TemporalLiteralKind kind = token.Keyword switch
                {
                    Keyword.DATE => TemporalLiteralKind.Date,
                    Keyword.TIME => TemporalLiteralKind.Time,
                    _ => TemporalLiteralKind.Timestamp,
                };
                return new TemporalLiteral(kind, cursor.StringBytes()) { Position = token.Start };
            case Keyword.CASE:
                return Case(ref cursor);
            case Keyword.EXISTS:
                cursor.Advance();
                return new ExistsNode(QueryParser.InParentheses(ref cursor)) { Position = token.Start };
            case Keyword.ROW when cursor.IsNext(TokenKind.OpenParen):
                return Row(ref cursor);
            case Keyword.INTERVAL:
                return Interval(ref cursor);
            default:
                break;
        }

        return FunctionParser.TryParse(ref cursor) ?? Name(ref cursor);
    }

    private static ExpressionNode? Introduced(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        if (cursor.Next.Kind is not (TokenKind.String or TokenKind.Hex or TokenKind.Bits)
            || CharacterSetNames.FromIntroducer(cursor.TextOf(token)) is not { } characterSet)
        {
            return null;
        }

        cursor.Advance();
        return cursor.Is(TokenKind.String)
            ? new StringLiteral(Strings(ref cursor), characterSet) { Position = token.Start }
            : Binary(ref cursor, characterSet, token.Start);
    }

    private static CaseNode Case(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        int outer = cursor.Enter();
        cursor.Advance();
        ExpressionNode? operand = cursor.Is(Keyword.WHEN) ? null : ExpressionParser.Parse(ref cursor);
        List<CaseBranch> branches = [];
        cursor.Expect(Keyword.WHEN);
        do
        {
            ExpressionNode condition = ExpressionParser.Parse(ref cursor);
            cursor.Expect(Keyword.THEN);
            branches.Add(new CaseBranch(condition, ExpressionParser.Parse(ref cursor)));
        }
        while (cursor.Accept(Keyword.WHEN));
        ExpressionNode? otherwise = cursor.Accept(Keyword.ELSE) ? ExpressionParser.Parse(ref cursor) : null;
        cursor.Expect(Keyword.END);
        cursor.Leave(outer);
        return new CaseNode(operand, [.. branches], otherwise) { Position = position };
    }

    private static RowNode Row(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        cursor.Advance();
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode[] items = ExpressionParser.List(ref cursor);
        if (items.Length < 2)
            throw cursor.Fail();
        cursor.Expect(TokenKind.CloseParen);
        return new RowNode(items) { Position = position };
    }

    // INTERVAL 1 DAY + date, or the function INTERVAL(a, b, …).
    private static ExpressionNode Interval(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        cursor.Advance();
        if (TryIntervalFunction(ref cursor, position) is { } function)
            return function;

        ExpressionNode amount = ExpressionParser.Parse(ref cursor);
        IntervalUnit unit = IntervalUnits.Take(ref cursor);
        cursor.Expect(TokenKind.Plus);
        int outer = cursor.Enter();
        ExpressionNode date = ExpressionParser.Bits(ref cursor, 5);
        cursor.Leave(outer);
        return new DateArithmeticNode(false, date, amount, unit) { Position = position };
    }

    /// <summary>
    /// Parses (a, b, …) behind INTERVAL as the function's arguments. Null where the parenthesis holds one expression, which then is pending: it begins
    /// an amount.
    /// </summary>
    public static FunctionCallNode? TryIntervalFunction(ref TokenCursor cursor, int position)
    {
        if (!cursor.Is(TokenKind.OpenParen))
            return null;
        int start = cursor.Current.Start;
        object content = Parenthesised(ref cursor);
        if (content is RowNode row && row.Position == start)
            return new FunctionCallNode(null, "INTERVAL", row.Items) { Position = position };
        cursor.Pending = content as ExpressionNode ?? new SubqueryNode((Query)content) { Position = start };
        return null;
    }

    /// <summary>Parses [[database.]table.]column, or database.function(…).</summary>
    public static ExpressionNode Name(ref TokenCursor cursor)
    {
        int position = cursor.Current.Start;
        cursor.Accept(TokenKind.Dot);
        bool isQuoted = cursor.Is(TokenKind.QuotedIdentifier);
        string first = cursor.Name();
        if (isQuoted && cursor.Is(TokenKind.OpenParen))
            return new FunctionCallNode(null, first, FunctionParser.Arguments(ref cursor)) { Position = position };
        if (!cursor.Is(TokenKind.Dot))
            return new ColumnNode(null, null, first) { Position = position };

        cursor.Advance();
        string second = cursor.AnyWord();
        if (cursor.Is(TokenKind.OpenParen))
            return new FunctionCallNode(first, second, FunctionParser.Arguments(ref cursor)) { Position = position };
        if (!cursor.Accept(TokenKind.Dot))
            return new ColumnNode(null, first, second) { Position = position };
        return new ColumnNode(first, second, cursor.AnyWord()) { Position = position };
    }

    /// <summary>Parses a column's name where nothing else may stand.</summary>
    public static ColumnNode Column(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        return Name(ref cursor) as ColumnNode ?? throw cursor.FailAt(token.Start);
    }
}
