using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Queries;

/// <summary>Parses OVER, WINDOW and frames.</summary>
internal static class WindowParser
{
    /// <summary>Parses OVER where it stands here.</summary>
    public static WindowReference? TryOver(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.OVER))
            return null;
        return cursor.Is(TokenKind.OpenParen)
            ? new WindowReference(null, Specification(ref cursor))
            : new WindowReference(cursor.Name(), null);
    }

    /// <summary>Parses the windows behind WINDOW.</summary>
    public static NamedWindow[] Named(ref TokenCursor cursor)
    {
        List<NamedWindow> windows = [];
        do
        {
            string name = cursor.Name();
            cursor.Expect(Keyword.AS);
            windows.Add(new NamedWindow(name, Specification(ref cursor)));
        }
        while (cursor.Accept(TokenKind.Comma));
        return [.. windows];
    }

    private static WindowSpecification Specification(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        bool hasName = cursor.IsName() && cursor.Current.Keyword is not (Keyword.PARTITION or Keyword.ROWS or Keyword.RANGE or Keyword.GROUPS);
        string? baseName = hasName ? cursor.Name() : null;
        ExpressionNode[] partitionBy = cursor.Accept(Keyword.PARTITION, Keyword.BY) ? ExpressionParser.List(ref cursor) : [];
        OrderItem[] orderBy = QueryParser.TryOrderBy(ref cursor);
        WindowFrame? frame = TryFrame(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return new WindowSpecification(baseName, partitionBy, orderBy, frame);
    }

    private static WindowFrame? TryFrame(ref TokenCursor cursor)
    {
        WindowFrameUnit unit;
        if (cursor.Accept(Keyword.ROWS))
            unit = WindowFrameUnit.Rows;
        else if (cursor.Accept(Keyword.RANGE))
            unit = WindowFrameUnit.Range;
        else if (cursor.Accept(Keyword.GROUPS))
            unit = WindowFrameUnit.Groups;
        else
            return null;

        WindowBound start;
        WindowBound end = new(WindowBoundKind.CurrentRow);
        if (cursor.Accept(Keyword.BETWEEN))
        {
            start = Bound(ref cursor);
            cursor.Expect(Keyword.AND);
            end = Bound(ref cursor);
        }
        else
        {
            start = Bound(ref cursor);
        }

        if (cursor.Accept(Keyword.EXCLUDE))
            throw SyntaxErrors.Other(1235, "42000", "This version of MySQL doesn't yet support 'EXCLUDE'");
        return new WindowFrame(unit, start, end);
    }

    private static WindowBound Bound(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.CURRENT, Keyword.ROW))
            return new WindowBound(WindowBoundKind.CurrentRow);
        if (cursor.Accept(Keyword.UNBOUNDED))
            return new WindowBound(IsPreceding(ref cursor) ? WindowBoundKind.UnboundedPreceding : WindowBoundKind.UnboundedFollowing);

        bool hasInterval = cursor.Accept(Keyword.INTERVAL);
        ExpressionNode offset = ExpressionParser.Parse(ref cursor);
        IntervalUnit? unit = hasInterval ? IntervalUnits.Take(ref cursor) : null;
        return new WindowBound(IsPreceding(ref cursor) ? WindowBoundKind.Preceding : WindowBoundKind.Following, offset, unit);
    }

    private static bool IsPreceding(ref TokenCursor cursor)
    {
        bool isPreceding = cursor.Accept(Keyword.PRECEDING);
        if (!isPreceding)
            cursor.Expect(Keyword.FOLLOWING);
        return isPreceding;
    }
}
