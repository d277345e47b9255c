using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Definitions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Expressions;

/// <summary>Parses calls: the plain form name(a, b) and the forms with words between the arguments.</summary>
internal static class FunctionParser
{
    private static readonly ExpressionNode[] NoArguments = [];

    /// <summary>Parses the call that begins at the current word; null, having taken nothing, where the word is no call.</summary>
    public static ExpressionNode? TryParse(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        bool isCall = cursor.IsNext(TokenKind.OpenParen);
        if (!isCall)
            return WithoutParentheses(ref cursor);

        // Some built-in names are only that with the parenthesis directly behind, unless IGNORE_SPACE.
        bool isBuiltIn = !cursor.Next.IsSpaced || cursor.Options.IgnoreSpace;
        int outer = cursor.Enter();
        ExpressionNode? node = Special(ref cursor, token.Keyword, isBuiltIn);
        if (node is null)
        {
            if (KeywordTable.IsReserved(token.Keyword) && !IsCallableReserved(token.Keyword))
                throw cursor.FailAt(token.Start);
            string name = cursor.AnyWord();
            node = new FunctionCallNode(null, name, Arguments(ref cursor));
        }

        cursor.Leave(outer);
        node.Position = token.Start;
        return node;
    }

    /// <summary>Parses (arguments), possibly none.</summary>
    public static ExpressionNode[] Arguments(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        if (cursor.Accept(TokenKind.CloseParen))
            return NoArguments;
        ExpressionNode[] arguments = ExpressionParser.List(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return arguments;
    }

    private static FunctionCallNode? WithoutParentheses(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        string? name = PlainName(token.Keyword);
        if (name is null)
            return null;
        cursor.Advance();
        return new FunctionCallNode(null, name, NoArguments) { Position = token.Start };
    }

    private static string? PlainName(Keyword keyword) => keyword switch
    {
        Keyword.CURRENT_DATE => "CURDATE",
        Keyword.CURRENT_TIME => "CURTIME",
        Keyword.CURRENT_TIMESTAMP or Keyword.LOCALTIME or Keyword.LOCALTIMESTAMP => "NOW",
        Keyword.CURRENT_USER => "CURRENT_USER",
        Keyword.UTC_DATE => "UTC_DATE",
        Keyword.UTC_TIME => "UTC_TIME",
        Keyword.UTC_TIMESTAMP => "UTC_TIMESTAMP",
        _ => null,
    };

    private static bool IsCallableReserved(Keyword keyword) => keyword is
        Keyword.CHAR or Keyword.DATABASE or Keyword.SCHEMA or Keyword.IF or Keyword.INSERT or Keyword.LEFT or Keyword.RIGHT or Keyword.MOD
        or Keyword.REPEAT or Keyword.REPLACE or Keyword.GROUPING;

    private static ExpressionNode? Special(ref TokenCursor cursor, Keyword keyword, bool isBuiltIn)
    {
        if (PlainName(keyword) is { } plain)
        {
            cursor.Advance();
            return new FunctionCallNode(null, plain, Arguments(ref cursor));
        }

        switch (keyword)
        {
            case Keyword.CAST when isBuiltIn:
                return Cast(ref cursor);
            case Keyword.CONVERT:
                return Convert(ref cursor);
            case Keyword.EXTRACT when isBuiltIn:
                return Extract(ref cursor);
            case Keyword.TRIM when isBuiltIn:
                return Trim(ref cursor);
            case Keyword.SUBSTRING or Keyword.SUBSTR or Keyword.MID when isBuiltIn:
                return Substring(ref cursor);
            case Keyword.POSITION when isBuiltIn:
                return Position(ref cursor);
            case Keyword.DATE_ADD or Keyword.DATE_SUB or Keyword.ADDDATE or Keyword.SUBDATE when isBuiltIn:
                return DateArithmetic(ref cursor, keyword);
            case Keyword.TIMESTAMPADD or Keyword.TIMESTAMPDIFF:
                return TimestampCall(ref cursor);
            case Keyword.GET_FORMAT:
                return GetFormat(ref cursor);
            case Keyword.CHAR:
                return Char(ref cursor);
            case Keyword.WEIGHT_STRING:
                return WeightString(ref cursor);
            case Keyword.JSON_VALUE:
                return JsonValue(ref cursor);
            case Keyword.VALUES:
                return InsertedValue(ref cursor);
            case Keyword.DEFAULT:
                return Default(ref cursor);
            case Keyword.MATCH:
                return Match(ref cursor);
            default:
                return AggregateParser.TryParse(ref cursor, keyword, isBuiltIn);
        }
    }

    private static void Open(ref TokenCursor cursor)
    {
        cursor.Advance();
        cursor.Expect(TokenKind.OpenParen);
    }

    private static CastNode Cast(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ExpressionNode operand = ExpressionParser.Parse(ref cursor);
        ExpressionNode? zone = null;
        if (cursor.Is(Keyword.AT))
        {
            cursor.Advance();
            cursor.Expect(Keyword.TIME, Keyword.ZONE);
            cursor.Accept(Keyword.INTERVAL);
            zone = OperandParser.Parse(ref cursor);
        }

        cursor.Expect(Keyword.AS);
        DataTypeNode type = DataTypeParser.ParseCast(ref cursor);
        bool isArray = cursor.Accept(Keyword.ARRAY);
        cursor.Expect(TokenKind.CloseParen);
        return new CastNode(operand, type, isArray, zone);
    }

    private static ExpressionNode Convert(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ExpressionNode operand = ExpressionParser.Parse(ref cursor);
        ExpressionNode node;
        if (cursor.Accept(Keyword.USING))
        {
            node = new ConvertUsingNode(operand, cursor.CharacterSetName());
        }
        else
        {
            cursor.Expect(TokenKind.Comma);
            node = new CastNode(operand, DataTypeParser.ParseCast(ref cursor), false);
        }

        cursor.Expect(TokenKind.CloseParen);
        return node;
    }

    private static ExtractNode Extract(ref TokenCursor cursor)
    {
        Open(ref cursor);
        IntervalUnit unit = IntervalUnits.Take(ref cursor);
        cursor.Expect(Keyword.FROM);
        ExpressionNode value = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new ExtractNode(unit, value);
    }

    private static TrimNode Trim(ref TokenCursor cursor)
    {
        Open(ref cursor);
        TrimSide side = cursor.Current.Keyword switch
        {
            Keyword.LEADING => TrimSide.Leading,
            Keyword.TRAILING => TrimSide.Trailing,
            _ => TrimSide.Both,
        };
        bool hasSide = cursor.Current.Keyword is Keyword.LEADING or Keyword.TRAILING or Keyword.BOTH;
        if (hasSide)
            cursor.Advance();
        ExpressionNode? remove = null;
        if (!hasSide || !cursor.Is(Keyword.FROM))
            remove = ExpressionParser.Parse(ref cursor);
        ExpressionNode value;
        if (cursor.Accept(Keyword.FROM))
            value = ExpressionParser.Parse(ref cursor);
        else if (!hasSide)
            (value, remove) = (remove!, null);
        else
            throw cursor.Fail();
        cursor.Expect(TokenKind.CloseParen);
        return new TrimNode(side, remove, value);
    }

    private static FunctionCallNode Substring(ref TokenCursor cursor)
    {
        string name = cursor.AnyWord();
        cursor.Expect(TokenKind.OpenParen);
        List<ExpressionNode> arguments = [ExpressionParser.Parse(ref cursor)];
        bool hasWords = cursor.Is(Keyword.FROM);
        if (!hasWords && !cursor.Is(TokenKind.Comma))
            throw cursor.Fail();
        cursor.Advance();
        arguments.Add(ExpressionParser.Parse(ref cursor));
        if (hasWords ? cursor.Accept(Keyword.FOR) : cursor.Accept(TokenKind.Comma))
            arguments.Add(ExpressionParser.Parse(ref cursor));
        cursor.Expect(TokenKind.CloseParen);
        return new FunctionCallNode(null, name, [.. arguments]);
    }

    private static FunctionCallNode Position(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ExpressionNode wanted = ExpressionParser.Bits(ref cursor, 1);
        cursor.Expect(Keyword.IN);
        ExpressionNode text = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new FunctionCallNode(null, "LOCATE", [wanted, text]);
    }

    private static DateArithmeticNode DateArithmetic(ref TokenCursor cursor, Keyword keyword)
    {
        Open(ref cursor);
        ExpressionNode date = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.Comma);
        bool isSubtraction = keyword is Keyword.DATE_SUB or Keyword.SUBDATE;
        bool mayCountDays = keyword is Keyword.ADDDATE or Keyword.SUBDATE;
        bool hasInterval = cursor.Accept(Keyword.INTERVAL);
        if (!hasInterval && !mayCountDays)
            throw cursor.Fail();
        ExpressionNode amount = ExpressionParser.Parse(ref cursor);
        IntervalUnit unit = hasInterval ? IntervalUnits.Take(ref cursor) : IntervalUnit.Day;
        cursor.Expect(TokenKind.CloseParen);
        return new DateArithmeticNode(isSubtraction, date, amount, unit);
    }

    private static FunctionCallNode TimestampCall(ref TokenCursor cursor)
    {
        string name = cursor.AnyWord();
        cursor.Expect(TokenKind.OpenParen);
        int position = cursor.Current.Start;
        var unit = new IntervalUnitNode(IntervalUnits.Take(ref cursor)) { Position = position };
        cursor.Expect(TokenKind.Comma);
        ExpressionNode second = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.Comma);
        ExpressionNode third = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new FunctionCallNode(null, name, [unit, second, third]);
    }

    private static FunctionCallNode GetFormat(ref TokenCursor cursor)
    {
        string name = cursor.AnyWord();
        cursor.Expect(TokenKind.OpenParen);
        string type = cursor.Current.Keyword switch
        {
            Keyword.DATE => "DATE",
            Keyword.TIME => "TIME",
            Keyword.DATETIME or Keyword.TIMESTAMP => "DATETIME",
            _ => throw cursor.Fail(),
        };
        cursor.Advance();
        cursor.Expect(TokenKind.Comma);
        ExpressionNode locale = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new FunctionCallNode(null, name, [new StringLiteral(System.Text.Encoding.ASCII.GetBytes(type)), locale]);
    }

    private static CharNode Char(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ExpressionNode[] codes = ExpressionParser.List(ref cursor);
        string? characterSet = cursor.Accept(Keyword.USING) ? cursor.CharacterSetName() : null;
        cursor.Expect(TokenKind.CloseParen);
        return new CharNode(codes, characterSet);
    }

    private static WeightStringNode WeightString(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ExpressionNode value = ExpressionParser.Parse(ref cursor);
        int? length = null;
        bool isBinary = false;
        if (cursor.Accept(Keyword.AS))
        {
            isBinary = cursor.Accept(Keyword.BINARY);
            if (!isBinary && !cursor.Accept(Keyword.CHARACTER))
                cursor.Expect(Keyword.CHAR);
            cursor.Expect(TokenKind.OpenParen);
            length = (int)Math.Min(cursor.SmallNumber(), int.MaxValue);
            cursor.Expect(TokenKind.CloseParen);
        }

        cursor.Expect(TokenKind.CloseParen);
        return new WeightStringNode(value, length, isBinary);
    }

    private static JsonValueNode JsonValue(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ExpressionNode document = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.Comma);
        ExpressionNode path = ExpressionParser.Parse(ref cursor);
        DataTypeNode? returning = cursor.Accept(Keyword.RETURNING) ? DataTypeParser.ParseCast(ref cursor) : null;
        JsonTableParser.Responses(ref cursor, out var onEmpty, out var onError);
        cursor.Expect(TokenKind.CloseParen);
        return new JsonValueNode(document, path, returning, onEmpty, onError);
    }

    private static InsertedValueNode InsertedValue(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ColumnNode column = OperandParser.Column(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new InsertedValueNode(column);
    }

    private static DefaultNode Default(ref TokenCursor cursor)
    {
        Open(ref cursor);
        ColumnNode column = OperandParser.Column(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new DefaultNode(column);
    }

    private static MatchNode Match(ref TokenCursor cursor)
    {
        Open(ref cursor);
        List<ColumnNode> columns = [OperandParser.Column(ref cursor)];
        while (cursor.Accept(TokenKind.Comma))
            columns.Add(OperandParser.Column(ref cursor));
        cursor.Expect(TokenKind.CloseParen);
        cursor.Expect(Keyword.AGAINST);
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode pattern = ExpressionParser.Bits(ref cursor, 1);
        MatchMode mode = MatchMode.NaturalLanguage;
        if (cursor.Accept(Keyword.IN))
        {
            if (cursor.Accept(Keyword.BOOLEAN))
                mode = MatchMode.Boolean;
            else
                cursor.Expect(Keyword.NATURAL, Keyword.LANGUAGE);
            cursor.Expect(Keyword.MODE);
        }

        if (mode != MatchMode.Boolean && cursor.Accept(Keyword.WITH))
        {
            cursor.Expect(Keyword.QUERY, Keyword.EXPANSION);
            mode = MatchMode.NaturalLanguageWithExpansion;
        }

        cursor.Expect(TokenKind.CloseParen);
        return new MatchNode([.. columns], pattern, mode);
    }
}
