using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Expressions;

/// <summary>Parses aggregate and window functions.</summary>
internal static class AggregateParser
{
    /// <summary>Parses the call where the keyword names such a function; null, having taken nothing, where it does not.</summary>
    public static ExpressionNode? TryParse(ref TokenCursor cursor, Keyword keyword, bool isBuiltIn)
    {
        switch (keyword)
        {
            case Keyword.COUNT or Keyword.SUM or Keyword.MIN or Keyword.MAX or Keyword.BIT_AND or Keyword.BIT_OR or Keyword.BIT_XOR
                or Keyword.STD or Keyword.STDDEV or Keyword.STDDEV_POP or Keyword.STDDEV_SAMP or Keyword.VARIANCE or Keyword.VAR_POP
                or Keyword.VAR_SAMP or Keyword.JSON_ARRAYAGG or Keyword.JSON_OBJECTAGG or Keyword.ST_COLLECT when isBuiltIn:
            case Keyword.AVG:
                return Aggregate(ref cursor, keyword);
            case Keyword.GROUP_CONCAT when isBuiltIn:
                return GroupConcat(ref cursor);
            case Keyword.ROW_NUMBER or Keyword.RANK or Keyword.DENSE_RANK or Keyword.PERCENT_RANK or Keyword.CUME_DIST or Keyword.NTILE
                or Keyword.LEAD or Keyword.LAG or Keyword.FIRST_VALUE or Keyword.LAST_VALUE or Keyword.NTH_VALUE:
                return WindowCall(ref cursor, keyword);
            default:
                return null;
        }
    }

    private static AggregateNode Aggregate(ref TokenCursor cursor, Keyword keyword)
    {
        cursor.Advance();
        cursor.Expect(TokenKind.OpenParen);
        if (keyword == Keyword.COUNT && cursor.Accept(TokenKind.Star))
        {
            cursor.Expect(TokenKind.CloseParen);
            return new AggregateNode("COUNT", [], false) { Over = WindowParser.TryOver(ref cursor) };
        }

        bool isDistinct = cursor.Accept(Keyword.DISTINCT);
        cursor.Accept(Keyword.ALL);
        ExpressionNode[] arguments = ExpressionParser.List(ref cursor);
        int countMax = keyword switch
        {
            Keyword.JSON_OBJECTAGG => 2,
            Keyword.COUNT when isDistinct => int.MaxValue,
            _ => 1,
        };
        if (arguments.Length > countMax || (keyword == Keyword.JSON_OBJECTAGG && arguments.Length != 2))
            throw cursor.Fail();
        cursor.Expect(TokenKind.CloseParen);
        return new AggregateNode(keyword.ToString(), arguments, isDistinct) { Over = WindowParser.TryOver(ref cursor) };
    }

    private static AggregateNode GroupConcat(ref TokenCursor cursor)
    {
        cursor.Advance();
        cursor.Expect(TokenKind.OpenParen);
        bool isDistinct = cursor.Accept(Keyword.DISTINCT);
        ExpressionNode[] arguments = ExpressionParser.List(ref cursor);
        OrderItem[] orderBy = QueryParser.TryOrderBy(ref cursor);
        byte[]? separator = cursor.Accept(Keyword.SEPARATOR) ? Separator(ref cursor) : null;
        cursor.Expect(TokenKind.CloseParen);
        return new AggregateNode("GROUP_CONCAT", arguments, isDistinct)
        {
            OrderBy = orderBy,
            Separator = separator,
            Over = WindowParser.TryOver(ref cursor),
        };
    }

    private static byte[] Separator(ref TokenCursor cursor)
    {
        if (!cursor.Is(TokenKind.Hex) && !cursor.Is(TokenKind.Bits))
            return cursor.StringBytes();
        return ((BinaryLiteral)OperandParser.Parse(ref cursor)).Value;
    }

    private static WindowCallNode WindowCall(ref TokenCursor cursor, Keyword keyword)
    {
        cursor.Advance();
        ExpressionNode[] arguments = FunctionParser.Arguments(ref cursor);
        bool fromLast = false;
        if (keyword == Keyword.NTH_VALUE && cursor.Accept(Keyword.FROM))
        {
            fromLast = cursor.Accept(Keyword.LAST);
            if (!fromLast)
                cursor.Expect(Keyword.FIRST);
        }

        bool ignoreNulls = cursor.Accept(Keyword.IGNORE, Keyword.NULLS);
        if (!ignoreNulls)
            cursor.Accept(Keyword.RESPECT, Keyword.NULLS);
        WindowReference over = WindowParser.TryOver(ref cursor) ?? throw cursor.Fail();
        return new WindowCallNode(keyword.ToString(), arguments, ignoreNulls, fromLast, over);
    }
}
