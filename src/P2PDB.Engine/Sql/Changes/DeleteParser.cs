using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Changes;

/// <summary>Parses the three forms of DELETE: FROM t, t1, t2 FROM sources, FROM t1, t2 USING sources.</summary>
internal static class DeleteParser
{
    /// <summary>Parses the statement whose word stands here.</summary>
    public static DeleteStatement Parse(ref TokenCursor cursor, WithClause? with)
    {
        cursor.Expect(Keyword.DELETE);
        var delete = new DeleteStatement([]) { With = with };
        while (true)
        {
            if (cursor.Accept(Keyword.LOW_PRIORITY))
            {
                delete = delete with { IsLowPriority = true };
            }
            else if (cursor.Is(Keyword.QUICK) && cursor.Next.Keyword is Keyword.FROM or Keyword.IGNORE)
            {
                cursor.Advance();
                delete = delete with { IsQuick = true };
            }
            else if (cursor.Accept(Keyword.IGNORE))
            {
                delete = delete with { IsIgnore = true };
            }
            else
            {
                break;
            }
        }

        if (!cursor.Accept(Keyword.FROM))
        {
            ObjectName[] targets = Targets(ref cursor);
            cursor.Expect(Keyword.FROM);
            return Filter(ref cursor, delete with { Targets = targets, From = TableSourceParser.List(ref cursor) });
        }

        TokenCursor ahead = cursor;
        if (IsUsing(ref ahead))
        {
            ObjectName[] targets = Targets(ref cursor);
            cursor.Expect(Keyword.USING);
            return Filter(ref cursor, delete with { Targets = targets, From = TableSourceParser.List(ref cursor) });
        }

        ObjectName name = cursor.ObjectName();
        string? alias = TableSourceParser.TryAlias(ref cursor);
        string[] partitions = cursor.Accept(Keyword.PARTITION) ? cursor.NamesInParentheses() : [];
        delete = Filter(ref cursor, delete with { From = [new NamedTable(name, alias) { Partitions = partitions }] });
        return delete with
        {
            OrderBy = QueryParser.TryOrderBy(ref cursor),
            Limit = cursor.Accept(Keyword.LIMIT) ? QueryParser.LimitOption(ref cursor) : null,
        };
    }

    private static DeleteStatement Filter(ref TokenCursor cursor, DeleteStatement delete) =>
        delete with { Where = cursor.Accept(Keyword.WHERE) ? ExpressionParser.Parse(ref cursor) : null };

    private static bool IsUsing(ref TokenCursor ahead)
    {
        while (true)
        {
            if (!ahead.IsName() && !ahead.Is(TokenKind.Dot))
                return false;
            ahead.Advance();
            while (ahead.Current.Kind is TokenKind.Dot or TokenKind.Star || (ahead.IsName() && ahead.Text[ahead.TakenEnd - 1] == '.'))
                ahead.Advance();
            if (ahead.Is(Keyword.USING))
                return true;
            if (!ahead.Accept(TokenKind.Comma))
                return false;
        }
    }

    // name, name.*, database.name, database.name.*
    private static ObjectName[] Targets(ref TokenCursor cursor)
    {
        List<ObjectName> targets = [];
        do
        {
            ObjectName name = new(null, cursor.Name());
            while (cursor.Accept(TokenKind.Dot))
            {
                if (cursor.Accept(TokenKind.Star))
                    break;
                if (name.Schema is not null)
                    throw cursor.Fail();
                name = new ObjectName(name.Name, cursor.AnyWord());
            }

            targets.Add(name);
        }
        while (cursor.Accept(TokenKind.Comma));
        return [.. targets];
    }
}
