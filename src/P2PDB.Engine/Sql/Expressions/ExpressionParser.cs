using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Expressions;

// MySQL's grammar has four layers, and so has this file, from loose to tight:
//   logic       OR, XOR, AND (climbed by precedence), NOT
//   comparison  IS, = <=> <> < <= > >=, which lean left
//   predicate   IN, BETWEEN, LIKE, REGEXP, MEMBER OF, SOUNDS LIKE, at most one
//   bits        | & << >> + - * / DIV % MOD ^ (climbed), over operands with their prefix operators
// Chains of one logical operator with many operands become a balanced tree: AND, OR and XOR are associative, and whoever walks the tree
// recurses by its height.

/// <summary>Parses expressions.</summary>
internal static class ExpressionParser
{
    private const int NotLevel = 4;
    private const int LeftLeaningMax = 64;

    /// <summary>Parses one expression.</summary>
    public static ExpressionNode Parse(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        ExpressionNode result = Logic(ref cursor, 1);
        cursor.Leave(outer);
        return result;
    }

    /// <summary>Parses expressions separated by commas.</summary>
    public static ExpressionNode[] List(ref TokenCursor cursor)
    {
        List<ExpressionNode> items = [Parse(ref cursor)];
        while (cursor.Accept(TokenKind.Comma))
            items.Add(Parse(ref cursor));
        return [.. items];
    }

    /// <summary>Parses an expression, or a bare DEFAULT.</summary>
    public static ExpressionNode ValueOrDefault(ref TokenCursor cursor)
    {
        if (!cursor.Is(Keyword.DEFAULT) || cursor.IsNext(TokenKind.OpenParen))
            return Parse(ref cursor);

        var node = new DefaultNode(null) { Position = cursor.Current.Start };
        cursor.Advance();
        return node;
    }

    private static ExpressionNode Logic(ref TokenCursor cursor, int minLevel)
    {
        ExpressionNode left;
        if (cursor.Pending is null && cursor.Is(Keyword.NOT) && !cursor.Options.HighNotPrecedence)
        {
            int position = cursor.Current.Start;
            int outer = cursor.Enter();
            cursor.Advance();
            left = new UnaryNode(UnaryOperator.Not, Logic(ref cursor, NotLevel)) { Position = position };
            cursor.Leave(outer);
        }
        else
        {
            left = Comparison(ref cursor);
        }

        while (LogicalOperator(cursor, out BinaryOperator op, out int level) && level >= minLevel)
        {
            List<ExpressionNode> operands = [left];
            int height = cursor.Height;
            while (LogicalOperator(cursor, out BinaryOperator next, out _) && next == op)
            {
                cursor.Advance();
                cursor.Height = 0;
                operands.Add(Logic(ref cursor, level + 1));
                height = Math.Max(height, cursor.Height);
            }

            left = Combine(op, operands, 0, operands.Count);
            cursor.Height = height + (operands.Count > LeftLeaningMax ? int.Log2(operands.Count) : operands.Count - 2);
            cursor.Raise(0);
        }

        return left;
    }

    private static BinaryNode Combine(BinaryOperator op, List<ExpressionNode> operands, int start, int count)
    {
        if (count <= LeftLeaningMax && start == 0 && count == operands.Count)
        {
            ExpressionNode result = operands[0];
            for (int i = 1; i < count; i++)
                result = new BinaryNode(op, result, operands[i]) { Position = operands[0].Position };
            return (BinaryNode)result;
        }

        int half = count / 2;
        ExpressionNode left = half == 1 ? operands[start] : Combine(op, operands, start, half);
        ExpressionNode right = count - half == 1 ? operands[start + half] : Combine(op, operands, start + half, count - half);
        return new BinaryNode(op, left, right) { Position = operands[start].Position };
    }

    private static bool LogicalOperator(in TokenCursor cursor, out BinaryOperator op, out int level)
    {
        (op, level) = cursor.Current.Kind switch
        {
            TokenKind.DoublePipe when !cursor.Options.PipesAsConcat => (BinaryOperator.Or, 1),
            TokenKind.DoubleAmpersand => (BinaryOperator.And, 3),
            _ => cursor.Current.Keyword switch
            {
                Keyword.OR => (BinaryOperator.Or, 1),
                Keyword.XOR => (BinaryOperator.Xor, 2),
                Keyword.AND => (BinaryOperator.And, 3),
                _ => (default, 0),
            },
        };
        return level != 0;
    }

    private static ExpressionNode Comparison(ref TokenCursor cursor)
    {
        ExpressionNode left = Predicate(ref cursor);
        while (true)
        {
            int height = cursor.Height;
            if (cursor.Is(Keyword.IS))
            {
                cursor.Advance();
                bool isNegated = cursor.Accept(Keyword.NOT);
                TruthTest test = cursor.Current.Keyword switch
                {
                    Keyword.NULL => TruthTest.Null,
                    Keyword.TRUE => TruthTest.True,
                    Keyword.FALSE => TruthTest.False,
                    Keyword.UNKNOWN => TruthTest.Unknown,
                    _ => throw cursor.Fail(),
                };
                cursor.Advance();
                left = new IsNode(left, test, isNegated) { Position = left.Position };
            }
            else if (ComparisonOperator(cursor.Current.Kind) is { } op)
            {
                cursor.Advance();
                cursor.Height = 0;
                if (cursor.Current.Keyword is Keyword.ALL or Keyword.ANY or Keyword.SOME && cursor.IsNext(TokenKind.OpenParen))
                {
                    bool isAll = cursor.Is(Keyword.ALL);
                    cursor.Advance();
                    left = new QuantifiedComparisonNode(op, left, isAll, QueryParser.InParentheses(ref cursor)) { Position = left.Position };
                }
                else
                {
                    left = new BinaryNode(op, left, Predicate(ref cursor)) { Position = left.Position };
                }
            }
            else
            {
                return left;
            }

            cursor.Raise(height);
        }
    }

    private static BinaryOperator? ComparisonOperator(TokenKind kind) => kind switch
    {
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NullSafeEqual => BinaryOperator.NullSafeEqual,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        _ => null,
    };

    private static ExpressionNode Predicate(ref TokenCursor cursor)
    {
        ExpressionNode value = Bits(ref cursor, 1);
        int height = cursor.Height;
        bool isNegated = cursor.Is(Keyword.NOT)
            && cursor.Next.Keyword is Keyword.IN or Keyword.BETWEEN or Keyword.LIKE or Keyword.REGEXP or Keyword.RLIKE;
        Keyword keyword = isNegated ? cursor.Next.Keyword : cursor.Current.Keyword;
        switch (keyword)
        {
            case Keyword.IN or Keyword.BETWEEN or Keyword.LIKE or Keyword.REGEXP or Keyword.RLIKE:
                if (isNegated)
                    cursor.Advance();
                break;
            case Keyword.MEMBER when !isNegated && (cursor.IsNext(Keyword.OF) || cursor.IsNext(TokenKind.OpenParen)):
            case Keyword.SOUNDS when !isNegated && cursor.IsNext(Keyword.LIKE):
                break;
            default:
                return value;
        }

        cursor.Advance();
        cursor.Height = 0;
        ExpressionNode result = keyword switch
        {
            Keyword.IN => In(ref cursor, value, isNegated),
            Keyword.BETWEEN => Between(ref cursor, value, isNegated),
            Keyword.LIKE => Like(ref cursor, value, isNegated),
            Keyword.MEMBER => MemberOf(ref cursor, value),
            Keyword.SOUNDS => SoundsLike(ref cursor, value),
            _ => new RegexpNode(value, Bits(ref cursor, 1), isNegated) { Position = value.Position },
        };
        cursor.Raise(height);
        return result;
    }

    private static ExpressionNode In(ref TokenCursor cursor, ExpressionNode value, bool isNegated)
    {
        int start = cursor.Current.Start;
        switch (OperandParser.Parenthesised(ref cursor))
        {
            case Query query:
                return new InQueryNode(value, query, isNegated) { Position = value.Position };
            // A row that begins at our own parenthesis is the list; IN ((1, 2)) holds one row.
            case RowNode list when list.Position == start:
                return new InListNode(value, list.Items, isNegated) { Position = value.Position };
            case ExpressionNode single:
                return new InListNode(value, [single], isNegated) { Position = value.Position };
            default:
                throw cursor.Fail();
        }
    }

    private static BetweenNode Between(ref TokenCursor cursor, ExpressionNode value, bool isNegated)
    {
        ExpressionNode low = Bits(ref cursor, 1);
        int height = cursor.Height;
        cursor.Expect(Keyword.AND);
        int outer = cursor.Enter();
        ExpressionNode high = Predicate(ref cursor);
        cursor.Leave(outer);
        cursor.Height = Math.Max(height, cursor.Height);
        return new BetweenNode(value, low, high, isNegated) { Position = value.Position };
    }

    private static LikeNode Like(ref TokenCursor cursor, ExpressionNode value, bool isNegated)
    {
        ExpressionNode pattern = Bits(ref cursor, 1);
        ExpressionNode? escape = cursor.Accept(Keyword.ESCAPE) ? Bits(ref cursor, 1) : null;
        return new LikeNode(value, pattern, escape, isNegated) { Position = value.Position };
    }

    private static BinaryNode MemberOf(ref TokenCursor cursor, ExpressionNode value)
    {
        cursor.Accept(Keyword.OF);
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode array = Parse(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new BinaryNode(BinaryOperator.MemberOf, value, array) { Position = value.Position };
    }

    private static BinaryNode SoundsLike(ref TokenCursor cursor, ExpressionNode value)
    {
        cursor.Expect(Keyword.LIKE);
        return new BinaryNode(BinaryOperator.SoundsLike, value, Bits(ref cursor, 1)) { Position = value.Position };
    }

    /// <summary>Parses what may stand beside BETWEEN's AND: arithmetic and bit operators, no comparison.</summary>
    public static ExpressionNode Bits(ref TokenCursor cursor, int minLevel)
    {
        ExpressionNode left = Prefixed(ref cursor);
        while (true)
        {
            (BinaryOperator op, int level) = ArithmeticOperator(cursor);
            if (level < minLevel)
                return left;

            int height = cursor.Height;
            cursor.Advance();
            cursor.Height = 0;
            left = op is BinaryOperator.Add or BinaryOperator.Subtract && cursor.Is(Keyword.INTERVAL)
                ? AddInterval(ref cursor, left, op == BinaryOperator.Subtract, level)
                : new BinaryNode(op, left, Bits(ref cursor, level + 1)) { Position = left.Position };
            cursor.Raise(height);
        }
    }

    private static (BinaryOperator Operator, int Level) ArithmeticOperator(in TokenCursor cursor) => cursor.Current.Kind switch
    {
        TokenKind.Pipe => (BinaryOperator.BitOr, 1),
        TokenKind.Ampersand => (BinaryOperator.BitAnd, 2),
        TokenKind.ShiftLeft => (BinaryOperator.ShiftLeft, 3),
        TokenKind.ShiftRight => (BinaryOperator.ShiftRight, 3),
        TokenKind.Plus => (BinaryOperator.Add, 4),
        TokenKind.Minus => (BinaryOperator.Subtract, 4),
        TokenKind.Star => (BinaryOperator.Multiply, 5),
        TokenKind.Slash => (BinaryOperator.Divide, 5),
        TokenKind.Percent => (BinaryOperator.Modulo, 5),
        TokenKind.Caret => (BinaryOperator.BitXor, 6),
        _ => cursor.Current.Keyword switch
        {
            Keyword.DIV => (BinaryOperator.IntegerDivide, 5),
            Keyword.MOD => (BinaryOperator.Modulo, 5),
            _ => (default, 0),
        },
    };

    // Behind + and -, `INTERVAL 1 DAY` is a distance and `INTERVAL(1, 2)` a function: the unit tells.
    private static ExpressionNode AddInterval(ref TokenCursor cursor, ExpressionNode left, bool isSubtraction, int level)
    {
        int position = cursor.Current.Start;
        cursor.Advance();
        if (OperandParser.TryIntervalFunction(ref cursor, position) is { } function)
        {
            cursor.Pending = function;
            ExpressionNode right = Bits(ref cursor, level + 1);
            return new BinaryNode(isSubtraction ? BinaryOperator.Subtract : BinaryOperator.Add, left, right) { Position = left.Position };
        }

        ExpressionNode amount = Parse(ref cursor);
        return new DateArithmeticNode(isSubtraction, left, amount, IntervalUnits.Take(ref cursor)) { Position = left.Position };
    }

    /// <summary>Parses an operand with the operators before it (- + ~ ! BINARY) and behind it (COLLATE, -&gt;, ||).</summary>
    public static ExpressionNode Prefixed(ref TokenCursor cursor)
    {
        UnaryOperator? prefix = cursor.Pending is not null ? null : cursor.Current.Kind switch
        {
            TokenKind.Minus => UnaryOperator.Minus,
            TokenKind.Plus => UnaryOperator.Plus,
            TokenKind.Tilde => UnaryOperator.BitNot,
            TokenKind.Exclamation => UnaryOperator.Not,
            _ => cursor.Current.Keyword switch
            {
                Keyword.BINARY => UnaryOperator.Binary,
                Keyword.NOT when cursor.Options.HighNotPrecedence => UnaryOperator.Not,
                _ => null,
            },
        };
        if (prefix is not { } op)
            return Suffixed(ref cursor);

        int position = cursor.Current.Start;
        int outer = cursor.Enter();
        cursor.Advance();
        var result = new UnaryNode(op, Prefixed(ref cursor)) { Position = position };
        cursor.Leave(outer);
        return result;
    }

    private static ExpressionNode Suffixed(ref TokenCursor cursor)
    {
        ExpressionNode operand;
        if (cursor.Pending is { } pending)
        {
            operand = pending;
            cursor.Pending = null;
        }
        else
        {
            operand = OperandParser.Parse(ref cursor);
        }

        while (true)
        {
            int height = cursor.Height;
            switch (cursor.Current.Kind)
            {
                case TokenKind.Word when cursor.Is(Keyword.COLLATE):
                    cursor.Advance();
                    operand = new CollateNode(operand, cursor.CharacterSetName()) { Position = operand.Position };
                    break;
                case TokenKind.DoublePipe when cursor.Options.PipesAsConcat:
                    cursor.Advance();
                    int outer = cursor.Enter();
                    operand = new BinaryNode(BinaryOperator.Concatenate, operand, WithoutConcatenation(ref cursor)) { Position = operand.Position };
                    cursor.Leave(outer);
                    break;
                case TokenKind.Arrow or TokenKind.LongArrow:
                    BinaryOperator arrow = cursor.Is(TokenKind.Arrow) ? BinaryOperator.JsonExtract : BinaryOperator.JsonUnquote;
                    cursor.Advance();
                    if (!cursor.Is(TokenKind.String))
                        throw cursor.Fail();
                    operand = new BinaryNode(arrow, operand, OperandParser.Parse(ref cursor)) { Position = operand.Position };
                    break;
                default:
                    return operand;
            }

            cursor.Raise(height);
        }
    }

    // The right side of || binds its prefixes and COLLATE but leaves the next || to the loop, which leans left.
    private static ExpressionNode WithoutConcatenation(ref TokenCursor cursor)
    {
        if (cursor.Current.Kind is TokenKind.Minus or TokenKind.Plus or TokenKind.Tilde or TokenKind.Exclamation || cursor.Is(Keyword.BINARY))
            return Prefixed(ref cursor);

        ExpressionNode operand = OperandParser.Parse(ref cursor);
        while (cursor.Is(Keyword.COLLATE))
        {
            cursor.Advance();
            operand = new CollateNode(operand, cursor.CharacterSetName()) { Position = operand.Position };
        }

        return operand;
    }
}
