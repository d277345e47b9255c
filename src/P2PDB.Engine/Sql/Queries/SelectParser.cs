using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Queries;

/// <summary>Parses one SELECT block, from its word to WINDOW.</summary>
internal static class SelectParser
{
    private const int AliasLengthMax = 256;

    /// <summary>Parses the block; an INTO on the way goes to <paramref name="into"/>.</summary>
    public static SelectBody Parse(ref TokenCursor cursor, ref IntoClause? into)
    {
        cursor.Expect(Keyword.SELECT);
        SelectOptions options = Options(ref cursor);
        SelectItem[] items = Items(ref cursor);
        if (cursor.Is(Keyword.INTO) && into is null)
            into = IntoParser.Parse(ref cursor);

        TableSource[] from = cursor.Accept(Keyword.FROM) ? From(ref cursor) : [];
        ExpressionNode? where = cursor.Accept(Keyword.WHERE) ? ExpressionParser.Parse(ref cursor) : null;
        ExpressionNode[] groupBy = [];
        bool hasRollup = false;
        if (cursor.Accept(Keyword.GROUP))
        {
            cursor.Expect(Keyword.BY);
            groupBy = ExpressionParser.List(ref cursor);
            hasRollup = cursor.Accept(Keyword.WITH, Keyword.ROLLUP);
        }

        ExpressionNode? having = cursor.Accept(Keyword.HAVING) ? ExpressionParser.Parse(ref cursor) : null;
        return new SelectBody(options, items)
        {
            From = from,
            Where = where,
            GroupBy = groupBy,
            HasRollup = hasRollup,
            Having = having,
            Windows = cursor.Accept(Keyword.WINDOW) ? WindowParser.Named(ref cursor) : [],
        };
    }

    /// <summary>Parses a select list.</summary>
    public static SelectItem[] Items(ref TokenCursor cursor)
    {
        List<SelectItem> items = [];
        if (cursor.Accept(TokenKind.Star))
        {
            items.Add(new SelectItem(null, null, null, null));
            if (!cursor.Accept(TokenKind.Comma))
                return [.. items];
        }

        do
            items.Add(Item(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        return [.. items];
    }

    private static TableSource[] From(ref TokenCursor cursor)
    {
        if (!cursor.Is(Keyword.DUAL))
            return TableSourceParser.List(ref cursor);
        cursor.Advance();
        return [];
    }

    private static SelectOptions Options(ref TokenCursor cursor)
    {
        SelectOptions options = SelectOptions.None;
        while (true)
        {
            SelectOptions option = cursor.Current.Keyword switch
            {
                Keyword.DISTINCT or Keyword.DISTINCTROW => SelectOptions.Distinct,
                Keyword.ALL => SelectOptions.All,
                Keyword.HIGH_PRIORITY => SelectOptions.HighPriority,
                Keyword.STRAIGHT_JOIN => SelectOptions.StraightJoin,
                Keyword.SQL_SMALL_RESULT => SelectOptions.SmallResult,
                Keyword.SQL_BIG_RESULT => SelectOptions.BigResult,
                Keyword.SQL_BUFFER_RESULT => SelectOptions.BufferResult,
                Keyword.SQL_NO_CACHE => SelectOptions.NoCache,
                Keyword.SQL_CALC_FOUND_ROWS => SelectOptions.CalculateFoundRows,
                _ => SelectOptions.None,
            };
            if (option == SelectOptions.None)
                break;
            options |= option;
            cursor.Advance();
        }

        return options.HasFlag(SelectOptions.Distinct | SelectOptions.All)
            ? throw SyntaxErrors.Other(1221, "HY000", "Incorrect usage of ALL and DISTINCT")
            : options;
    }

    private static SelectItem Item(ref TokenCursor cursor)
    {
        if (TryStar(ref cursor) is { } star)
            return star;

        Token first = cursor.Current;
        ExpressionNode expression = ExpressionParser.Parse(ref cursor);
        string? text = expression is ColumnNode && first.Kind != TokenKind.OpenParen ? null : cursor.TextFrom(first.Start);
        string? alias = null;
        if (cursor.Accept(Keyword.AS))
            alias = Alias(ref cursor);
        else if (cursor.IsName() || cursor.Is(TokenKind.String))
            alias = Alias(ref cursor);
        return new SelectItem(expression, alias, text, null);
    }

    private static string Alias(ref TokenCursor cursor)
    {
        if (cursor.Is(TokenKind.String))
            return cursor.StringText();
        return cursor.IsName() ? cursor.TakeName(AliasLengthMax) : throw cursor.Fail();
    }

    private static SelectItem? TryStar(ref TokenCursor cursor)
    {
        if (!cursor.IsNext(TokenKind.Dot))
            return null;

        bool hasSchema = false;
        if (cursor.Peek(2).Kind != TokenKind.Star)
        {
            hasSchema = cursor.Peek(3).Kind == TokenKind.Dot && cursor.Peek(4).Kind == TokenKind.Star;
            if (!hasSchema)
                return null;
        }

        string first = cursor.Name();
        cursor.Advance();
        ObjectName table = new(null, first);
        if (hasSchema)
        {
            table = new ObjectName(first, cursor.AnyWord());
            cursor.Advance();
        }

        cursor.Advance();
        return new SelectItem(null, null, null, table);
    }
}
