using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses CREATE TABLE and CREATE INDEX.</summary>
internal static class CreateTableParser
{
    /// <summary>Parses from TABLE on.</summary>
    public static Statement Parse(ref TokenCursor cursor, bool isTemporary)
    {
        cursor.Expect(Keyword.TABLE);
        bool ifNotExists = AcceptIfNotExists(ref cursor);
        ObjectName name = cursor.ObjectName();
        if (cursor.Accept(Keyword.LIKE))
            return new CreateTableLikeStatement(name, cursor.ObjectName(), isTemporary, ifNotExists);

        TableElement[] elements = [];
        if (cursor.Is(TokenKind.OpenParen) && !QueryParser.StartsQuery(cursor))
        {
            cursor.Advance();
            if (cursor.Accept(Keyword.LIKE))
            {
                ObjectName source = cursor.ObjectName();
                cursor.Expect(TokenKind.CloseParen);
                return new CreateTableLikeStatement(name, source, isTemporary, ifNotExists);
            }

            List<TableElement> list = [TableElementParser.Parse(ref cursor)];
            while (cursor.Accept(TokenKind.Comma))
                list.Add(TableElementParser.Parse(ref cursor));
            cursor.Expect(TokenKind.CloseParen);
            elements = [.. list];
        }

        var table = new CreateTableStatement(name, elements)
        {
            IsTemporary = isTemporary,
            IfNotExists = ifNotExists,
            Options = TableOptionParser.List(ref cursor),
            Partitioning = PartitionParser.TryParse(ref cursor),
        };
        bool isIgnore = cursor.Accept(Keyword.IGNORE);
        bool isReplace = !isIgnore && cursor.Accept(Keyword.REPLACE);
        bool hasQuery = cursor.Accept(Keyword.AS) || isIgnore || isReplace || QueryParser.StartsQuery(cursor);
        if (hasQuery)
            return table with { IsIgnore = isIgnore, IsReplace = isReplace, Query = QueryParser.Parse(ref cursor) };
        return elements.Length > 0 ? table : throw cursor.Fail();
    }

    /// <summary>Parses from [UNIQUE | FULLTEXT | SPATIAL] INDEX on.</summary>
    public static CreateIndexStatement Index(ref TokenCursor cursor)
    {
        IndexKind kind = cursor.Current.Keyword switch
        {
            Keyword.UNIQUE => IndexKind.Unique,
            Keyword.FULLTEXT => IndexKind.FullText,
            Keyword.SPATIAL => IndexKind.Spatial,
            _ => IndexKind.Plain,
        };
        if (kind != IndexKind.Plain)
            cursor.Advance();
        cursor.Expect(Keyword.INDEX);
        string name = cursor.Name();
        string? algorithm = TableElementParser.TryAlgorithm(ref cursor);
        cursor.Expect(Keyword.ON);
        ObjectName table = cursor.ObjectName();
        IndexDefinition index = TableElementParser.Index(ref cursor, kind, name, algorithm);
        (string? method, string? @lock) = AlgorithmAndLock(ref cursor);
        return new CreateIndexStatement(index, table, method, @lock);
    }

    /// <summary>Parses ALGORITHM = x and LOCK = y, in either order.</summary>
    public static (string? Algorithm, string? Lock) AlgorithmAndLock(ref TokenCursor cursor)
    {
        string? algorithm = null;
        string? @lock = null;
        while (cursor.Current.Keyword is Keyword.ALGORITHM or Keyword.LOCK)
        {
            bool isLock = cursor.Is(Keyword.LOCK);
            cursor.Advance();
            cursor.Accept(TokenKind.Equal);
            string value = cursor.AnyWord().ToUpperInvariant();
            if (isLock)
                @lock = value;
            else
                algorithm = value;
        }

        return (algorithm, @lock);
    }

    /// <summary>Takes IF NOT EXISTS where it stands here.</summary>
    public static bool AcceptIfNotExists(ref TokenCursor cursor)
    {
        if (!cursor.Is(Keyword.IF, Keyword.NOT))
            return false;
        cursor.Expect(Keyword.IF, Keyword.NOT);
        cursor.Expect(Keyword.EXISTS);
        return true;
    }

    /// <summary>Takes IF EXISTS where it stands here.</summary>
    public static bool AcceptIfExists(ref TokenCursor cursor) => cursor.Accept(Keyword.IF, Keyword.EXISTS);
}
