using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Queries;

// Joins lean left. A join without a condition binds loosest: in `a JOIN b LEFT JOIN c ON x` what follows b is read first, as its own join,
// and when no condition is left for the first JOIN, a is put in at the far left of it: (a JOIN b) LEFT JOIN c ON x. Where one is left,
// as in `a JOIN b JOIN c ON x ON y`, the first JOIN takes it and the other one is its right side.

/// <summary>Parses what FROM names: tables, joins, derived tables.</summary>
internal static class TableSourceParser
{
    /// <summary>Parses sources separated by commas.</summary>
    public static TableSource[] List(ref TokenCursor cursor)
    {
        List<TableSource> sources = [Parse(ref cursor)];
        while (cursor.Accept(TokenKind.Comma))
            sources.Add(Parse(ref cursor));
        return [.. sources];
    }

    /// <summary>Parses one source with its joins.</summary>
    public static TableSource Parse(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        TableSource source = Joins(ref cursor, Factor(ref cursor));
        cursor.Leave(outer);
        return source;
    }

    private static TableSource Joins(ref TokenCursor cursor, TableSource left)
    {
        while (TryJoin(ref cursor, out JoinKind kind, out bool isNatural))
        {
            int height = cursor.Height;
            TableSource right = Factor(ref cursor);
            var join = new JoinedTable(kind, left, right) { IsNatural = isNatural };
            if (isNatural)
            {
                left = join;
            }
            else if (TryCondition(ref cursor, ref join))
            {
                left = join;
            }
            else if (AtJoin(cursor))
            {
                int outer = cursor.Enter();
                TableSource nested = Joins(ref cursor, right);
                cursor.Leave(outer);
                join = join with { Right = nested };
                if (TryCondition(ref cursor, ref join))
                    left = join;
                else
                    left = NeedsCondition(kind) ? throw cursor.Fail() : Graft(nested, right, new JoinedTable(kind, left, right));
            }
            else
            {
                left = NeedsCondition(kind) ? throw cursor.Fail() : join;
            }

            cursor.Raise(height);
        }

        return left;
    }

    private static bool NeedsCondition(JoinKind kind) => kind is JoinKind.Left or JoinKind.Right;

    private static TableSource Graft(TableSource tree, TableSource leaf, TableSource replacement) =>
        ReferenceEquals(tree, leaf) ? replacement
        : tree is JoinedTable join ? join with { Left = Graft(join.Left, leaf, replacement) }
        : tree;

    private static bool AtJoin(in TokenCursor cursor) => cursor.Current.Keyword is
        Keyword.JOIN or Keyword.INNER or Keyword.CROSS or Keyword.LEFT or Keyword.RIGHT or Keyword.NATURAL or Keyword.STRAIGHT_JOIN;

    private static bool TryJoin(ref TokenCursor cursor, out JoinKind kind, out bool isNatural)
    {
        kind = JoinKind.Inner;
        isNatural = cursor.Accept(Keyword.NATURAL);
        switch (cursor.Current.Keyword)
        {
            case Keyword.JOIN:
                break;
            case Keyword.INNER:
            case Keyword.CROSS when !isNatural:
                cursor.Advance();
                break;
            case Keyword.LEFT or Keyword.RIGHT:
                kind = cursor.Is(Keyword.LEFT) ? JoinKind.Left : JoinKind.Right;
                cursor.Advance();
                cursor.Accept(Keyword.OUTER);
                break;
            case Keyword.STRAIGHT_JOIN when !isNatural:
                kind = JoinKind.Straight;
                cursor.Advance();
                return true;
            default:
                return isNatural ? throw cursor.Fail() : false;
        }

        cursor.Expect(Keyword.JOIN);
        return true;
    }

    private static bool TryCondition(ref TokenCursor cursor, ref JoinedTable join)
    {
        if (cursor.Accept(Keyword.ON))
            join = join with { On = ExpressionParser.Parse(ref cursor) };
        else if (cursor.Accept(Keyword.USING))
            join = join with { Using = cursor.NamesInParentheses() };
        else
            return false;
        return true;
    }

    private static TableSource Factor(ref TokenCursor cursor)
    {
        switch (cursor.Current.Kind)
        {
            case TokenKind.OpenParen:
                return Parenthesis(ref cursor);
            case TokenKind.OpenBrace:
                return Braces(ref cursor);
            default:
                if (cursor.Accept(Keyword.LATERAL))
                    return Derived(ref cursor, QueryParser.InParentheses(ref cursor), true);
                if (cursor.Is(Keyword.JSON_TABLE))
                    return JsonTableParser.Parse(ref cursor);
                return Table(ref cursor);
        }
    }

    // {OJ a LEFT JOIN b ON x}, the ODBC form.
    private static TableSource Braces(ref TokenCursor cursor)
    {
        cursor.Advance();
        cursor.AnyWord();
        TableSource source = Parse(ref cursor);
        cursor.Expect(TokenKind.CloseBrace);
        return source;
    }

    // (SELECT …) AS t, ((SELECT …) UNION (SELECT …)) AS t, (a JOIN b) or (a, b): which of them shows only behind the parentheses.
    private static TableSource Parenthesis(ref TokenCursor cursor)
    {
        int outer = cursor.Enter();
        object content = ParenthesisContent(ref cursor);
        cursor.Leave(outer);
        return content is Query query ? Derived(ref cursor, query, false) : (TableSource)content;
    }

    private static object ParenthesisContent(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        if (QueryParser.IsQueryWord(cursor))
        {
            Query query = QueryParser.Parse(ref cursor);
            cursor.Expect(TokenKind.CloseParen);
            return query;
        }

        TableSource source;
        if (cursor.Is(TokenKind.OpenParen))
        {
            int outer = cursor.Enter();
            object inner = ParenthesisContent(ref cursor);
            cursor.Leave(outer);
            if (inner is Query query)
            {
                if (QueryParser.ContinuesQuery(cursor))
                    query = QueryParser.Continue(ref cursor, query);
                if (cursor.Accept(TokenKind.CloseParen))
                    return query;
                inner = Derived(ref cursor, query, false);
            }

            source = Joins(ref cursor, (TableSource)inner);
        }
        else
        {
            source = Parse(ref cursor);
        }

        while (cursor.Accept(TokenKind.Comma))
        {
            int height = cursor.Height;
            source = new JoinedTable(JoinKind.Inner, source, Parse(ref cursor));
            cursor.Raise(height);
        }

        cursor.Expect(TokenKind.CloseParen);
        return source;
    }

    private static DerivedTable Derived(ref TokenCursor cursor, Query query, bool isLateral)
    {
        cursor.Accept(Keyword.AS);
        if (!cursor.IsName())
        {
            throw cursor.Current.Kind is TokenKind.End or TokenKind.CloseParen or TokenKind.Semicolon or TokenKind.Comma || KeywordTable.IsReserved(cursor.Current.Keyword)
                ? SyntaxErrors.Other(1248, "42000", "Every derived table must have its own alias")
                : cursor.Fail();
        }

        string alias = cursor.Name();
        string[] columns = cursor.Is(TokenKind.OpenParen) ? cursor.NamesInParentheses() : [];
        return new DerivedTable(query, alias, columns, isLateral);
    }

    /// <summary>Parses a table with its partitions, alias and hints.</summary>
    public static NamedTable Table(ref TokenCursor cursor)
    {
        ObjectName name = cursor.ObjectName();
        string[] partitions = cursor.Accept(Keyword.PARTITION) ? cursor.NamesInParentheses() : [];
        string? alias = TryAlias(ref cursor);
        List<IndexHint>? hints = null;
        while (cursor.Current.Keyword is Keyword.USE or Keyword.FORCE or Keyword.IGNORE && cursor.Next.Keyword is Keyword.INDEX or Keyword.KEY)
            (hints ??= []).Add(Hint(ref cursor));
        return new NamedTable(name, alias) { Partitions = partitions, Hints = hints is null ? [] : [.. hints] };
    }

    /// <summary>Takes [AS] alias where one stands here.</summary>
    public static string? TryAlias(ref TokenCursor cursor) =>
        cursor.Accept(Keyword.AS) || cursor.IsName() ? cursor.Name() : null;

    private static IndexHint Hint(ref TokenCursor cursor)
    {
        IndexHintKind kind = cursor.Current.Keyword switch
        {
            Keyword.USE => IndexHintKind.Use,
            Keyword.FORCE => IndexHintKind.Force,
            _ => IndexHintKind.Ignore,
        };
        cursor.Advance();
        cursor.Advance();
        IndexHintScope scope = IndexHintScope.All;
        if (cursor.Accept(Keyword.FOR))
        {
            if (cursor.Accept(Keyword.JOIN))
            {
                scope = IndexHintScope.Join;
            }
            else if (cursor.Accept(Keyword.ORDER, Keyword.BY))
            {
                scope = IndexHintScope.OrderBy;
            }
            else
            {
                cursor.Expect(Keyword.GROUP, Keyword.BY);
                scope = IndexHintScope.GroupBy;
            }
        }

        cursor.Expect(TokenKind.OpenParen);
        List<string> indexes = [];
        if (kind != IndexHintKind.Use || !cursor.Is(TokenKind.CloseParen))
        {
            do
                indexes.Add(cursor.Is(Keyword.PRIMARY) ? cursor.AnyWord() : cursor.Name());
            while (cursor.Accept(TokenKind.Comma));
        }

        cursor.Expect(TokenKind.CloseParen);
        return new IndexHint(kind, scope, [.. indexes]);
    }
}
