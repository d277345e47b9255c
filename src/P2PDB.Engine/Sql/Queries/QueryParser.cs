using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Queries;

/// <summary>Parses query expressions: WITH, set operations, and what applies to the whole result.</summary>
internal static class QueryParser
{
    private const int LeftLeaningMax = 64;

    /// <summary>True where a query's first word (not a parenthesis) stands here.</summary>
    public static bool IsQueryWord(in TokenCursor cursor) => cursor.Current.Keyword switch
    {
        Keyword.SELECT or Keyword.WITH => true,
        Keyword.TABLE => cursor.Next.Kind is TokenKind.Word or TokenKind.QuotedIdentifier,
        Keyword.VALUES => cursor.IsNext(Keyword.ROW),
        _ => false,
    };

    /// <summary>True where, behind any count of parentheses, a query's first word stands.</summary>
    public static bool StartsQuery(in TokenCursor cursor)
    {
        if (!cursor.Is(TokenKind.OpenParen))
            return IsQueryWord(cursor);
        TokenCursor ahead = cursor;
        while (ahead.Is(TokenKind.OpenParen))
            ahead.Advance();
        return IsQueryWord(ahead);
    }

    /// <summary>True where the current word goes on with a query in parentheses.</summary>
    public static bool ContinuesQuery(in TokenCursor cursor) => cursor.Current.Keyword is
        Keyword.UNION or Keyword.INTERSECT or Keyword.EXCEPT or Keyword.ORDER or Keyword.LIMIT or Keyword.FOR or Keyword.LOCK or Keyword.INTO;

    /// <summary>Parses a query.</summary>
    public static Query Parse(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        WithClause? with = TryWith(ref cursor);
        IntoClause? into = null;
        QueryBody body = SetOperations(ref cursor, Primary(ref cursor, ref into), 1, ref into);
        Query query = Tail(ref cursor, with, body, into);
        cursor.Leave(outer);
        return query;
    }

    /// <summary>Goes on behind a query in parentheses: set operations, ORDER BY, LIMIT.</summary>
    public static Query Continue(ref TokenCursor cursor, Query first)
    {
        int outer = cursor.Enter();
        IntoClause? into = null;
        QueryBody body = SetOperations(ref cursor, AsBody(first), 1, ref into);
        Query query = Tail(ref cursor, null, body, into);
        cursor.Leave(outer);
        return query;
    }

    /// <summary>Parses a query that must stand in parentheses.</summary>
    public static Query InParentheses(ref TokenCursor cursor)
    {
        Token start = cursor.Current;
        return OperandParser.Parenthesised(ref cursor) as Query ?? throw cursor.FailAt(start.Start);
    }

    /// <summary>Parses WITH where it stands here.</summary>
    public static WithClause? TryWith(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.WITH))
            return null;

        bool isRecursive = cursor.Accept(Keyword.RECURSIVE);
        List<NamedQuery> queries = [];
        do
        {
            string name = cursor.Name();
            string[] columns = cursor.Is(TokenKind.OpenParen) ? cursor.NamesInParentheses() : [];
            cursor.Expect(Keyword.AS);
            queries.Add(new NamedQuery(name, columns, InParentheses(ref cursor)));
        }
        while (cursor.Accept(TokenKind.Comma));
        return new WithClause(isRecursive, [.. queries]);
    }

    /// <summary>Parses ORDER BY where it stands here; empty where it does not.</summary>
    public static OrderItem[] TryOrderBy(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.ORDER))
            return [];
        cursor.Expect(Keyword.BY);
        List<OrderItem> items = [];
        do
        {
            ExpressionNode expression = ExpressionParser.Parse(ref cursor);
            bool isDescending = cursor.Accept(Keyword.DESC);
            if (!isDescending)
                cursor.Accept(Keyword.ASC);
            items.Add(new OrderItem(expression, isDescending));
        }
        while (cursor.Accept(TokenKind.Comma));
        return [.. items];
    }

    /// <summary>Parses LIMIT where it stands here.</summary>
    public static LimitClause? TryLimit(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.LIMIT))
            return null;
        ExpressionNode first = LimitOption(ref cursor);
        if (cursor.Accept(TokenKind.Comma))
            return new LimitClause(LimitOption(ref cursor), first);
        return new LimitClause(first, cursor.Accept(Keyword.OFFSET) ? LimitOption(ref cursor) : null);
    }

    /// <summary>Parses a row count: an integer, a parameter, or inside a routine a variable.</summary>
    public static ExpressionNode LimitOption(ref TokenCursor cursor)
    {
        if (cursor.Is(TokenKind.Integer) || cursor.Is(TokenKind.Parameter))
            return OperandParser.Parse(ref cursor);
        if (cursor.Is(TokenKind.Hex))
        {
            int position = cursor.Current.Start;
            return new IntegerLiteral(cursor.Number(), 1) { Position = position };
        }

        if (!cursor.InRoutine)
            throw cursor.Fail();
        return OperandParser.Column(ref cursor);
    }

    private static QueryBody AsBody(Query query) =>
        query is { With: null, OrderBy.Length: 0, Limit: null, Locking.Length: 0, Into: null } ? query.Body : new NestedBody(query);

    private static QueryBody Primary(ref TokenCursor cursor, ref IntoClause? into)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.SELECT:
                return SelectParser.Parse(ref cursor, ref into);
            case Keyword.VALUES:
                return Values(ref cursor);
            case Keyword.TABLE:
                cursor.Advance();
                return new TableBody(cursor.ObjectName());
            default:
                if (!cursor.Is(TokenKind.OpenParen))
                    throw cursor.Fail();
                return AsBody(InParentheses(ref cursor));
        }
    }

    private static ValuesBody Values(ref TokenCursor cursor)
    {
        cursor.Advance();
        List<ExpressionNode[]> rows = [];
        do
        {
            cursor.Expect(Keyword.ROW);
            cursor.Expect(TokenKind.OpenParen);
            List<ExpressionNode> row = [];
            if (!cursor.Is(TokenKind.CloseParen))
            {
                do
                    row.Add(ExpressionParser.ValueOrDefault(ref cursor));
                while (cursor.Accept(TokenKind.Comma));
            }

            cursor.Expect(TokenKind.CloseParen);
            rows.Add([.. row]);
        }
        while (cursor.Accept(TokenKind.Comma));
        return new ValuesBody([.. rows]);
    }

    private static QueryBody SetOperations(ref TokenCursor cursor, QueryBody left, int minLevel, ref IntoClause? into)
    {
        while (SetOperatorLevel(cursor.Current.Keyword, out SetOperator op) is var level && level >= minLevel)
        {
            cursor.Advance();
            bool isAll = cursor.Accept(Keyword.ALL);
            if (!isAll)
                cursor.Accept(Keyword.DISTINCT);
            List<QueryBody> operands = [left, Operand(ref cursor, level, ref into)];

            // A run of the same operator becomes one tree, balanced where it is long (EXCEPT cannot be).
            while (op != SetOperator.Except && SetOperatorLevel(cursor.Current.Keyword, out SetOperator next) == level && next == op
                && cursor.IsNext(Keyword.ALL) == isAll)
            {
                cursor.Advance();
                if (!cursor.Accept(Keyword.ALL))
                    cursor.Accept(Keyword.DISTINCT);
                operands.Add(Operand(ref cursor, level, ref into));
            }

            left = Combine(op, isAll, operands, 0, operands.Count);
            cursor.Height += operands.Count > LeftLeaningMax ? int.Log2(operands.Count) : operands.Count - 2;
            cursor.Raise(0);
        }

        return left;
    }

    private static QueryBody Operand(ref TokenCursor cursor, int level, ref IntoClause? into) =>
        SetOperations(ref cursor, Primary(ref cursor, ref into), level + 1, ref into);

    private static SetOperationBody Combine(SetOperator op, bool isAll, List<QueryBody> operands, int start, int count)
    {
        if (operands.Count <= LeftLeaningMax)
        {
            QueryBody result = operands[0];
            for (int i = 1; i < count; i++)
                result = new SetOperationBody(op, isAll, result, operands[i]);
            return (SetOperationBody)result;
        }

        int half = count / 2;
        QueryBody left = half == 1 ? operands[start] : Combine(op, isAll, operands, start, half);
        QueryBody right = count - half == 1 ? operands[start + half] : Combine(op, isAll, operands, start + half, count - half);
        return new SetOperationBody(op, isAll, left, right);
    }

    private static int SetOperatorLevel(Keyword keyword, out SetOperator op)
    {
        (op, int level) = keyword switch
        {
            Keyword.UNION => (SetOperator.Union, 1),
            Keyword.EXCEPT => (SetOperator.Except, 1),
            Keyword.INTERSECT => (SetOperator.Intersect, 2),
            _ => (default, 0),
        };
        return level;
    }

    private static Query Tail(ref TokenCursor cursor, WithClause? with, QueryBody body, IntoClause? into)
    {
        OrderItem[] orderBy = TryOrderBy(ref cursor);
        LimitClause? limit = TryLimit(ref cursor);
        List<LockingClause>? locking = null;
        while (true)
        {
            if (cursor.Is(Keyword.INTO) && into is null)
                into = IntoParser.Parse(ref cursor);
            else if (TryLocking(ref cursor) is { } clause)
                (locking ??= []).Add(clause);
            else
                break;
        }

        return new Query(with, body)
        {
            OrderBy = orderBy,
            Limit = limit,
            Locking = locking is null ? [] : [.. locking],
            Into = into,
        };
    }

    private static LockingClause? TryLocking(ref TokenCursor cursor)
    {
        if (cursor.Is(Keyword.LOCK, Keyword.IN))
        {
            cursor.Advance();
            cursor.Advance();
            cursor.Expect(Keyword.SHARE, Keyword.MODE);
            return new LockingClause(false, [], LockWait.Wait);
        }

        if (!cursor.Is(Keyword.FOR))
            return null;

        cursor.Advance();
        bool isExclusive = cursor.Accept(Keyword.UPDATE);
        if (!isExclusive)
            cursor.Expect(Keyword.SHARE);
        string[] tables = cursor.Accept(Keyword.OF) ? cursor.Names() : [];
        LockWait wait = LockWait.Wait;
        if (cursor.Accept(Keyword.NOWAIT))
        {
            wait = LockWait.NoWait;
        }
        else if (cursor.Accept(Keyword.SKIP))
        {
            cursor.Expect(Keyword.LOCKED);
            wait = LockWait.SkipLocked;
        }

        return new LockingClause(isExclusive, tables, wait);
    }
}
