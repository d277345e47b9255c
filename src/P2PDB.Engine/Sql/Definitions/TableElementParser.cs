using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses what stands in CREATE TABLE's parentheses and behind ALTER TABLE's ADD.</summary>
internal static class TableElementParser
{
    /// <summary>Parses an index, a constraint or a column.</summary>
    public static TableElement Parse(ref TokenCursor cursor) => TryConstraint(ref cursor) ?? ColumnParser.Parse(ref cursor);

    /// <summary>Parses an index or constraint; null, having taken nothing, where a column stands.</summary>
    public static TableElement? TryConstraint(ref TokenCursor cursor)
    {
        bool hasConstraint = cursor.Accept(Keyword.CONSTRAINT);
        string? name = hasConstraint && cursor.IsName() ? cursor.Name() : null;
        switch (cursor.Current.Keyword)
        {
            case Keyword.PRIMARY:
                cursor.Expect(Keyword.PRIMARY, Keyword.KEY);
                return Index(ref cursor, IndexKind.Primary, name);
            case Keyword.UNIQUE:
                cursor.Advance();
                AcceptIndexWord(ref cursor);
                return Index(ref cursor, IndexKind.Unique, name);
            case Keyword.FOREIGN:
                return ForeignKey(ref cursor, name);
            case Keyword.CHECK:
                return Check(ref cursor, name);
            case Keyword.INDEX or Keyword.KEY when !hasConstraint:
                cursor.Advance();
                return Index(ref cursor, IndexKind.Plain, null);
            case Keyword.FULLTEXT or Keyword.SPATIAL when !hasConstraint:
                IndexKind kind = cursor.Is(Keyword.FULLTEXT) ? IndexKind.FullText : IndexKind.Spatial;
                cursor.Advance();
                AcceptIndexWord(ref cursor);
                return Index(ref cursor, kind, null);
            default:
                return hasConstraint ? throw cursor.Fail() : null;
        }
    }

    /// <summary>Takes INDEX or KEY where it stands here.</summary>
    public static void AcceptIndexWord(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.INDEX))
            cursor.Accept(Keyword.KEY);
    }

    private static IndexDefinition Index(ref TokenCursor cursor, IndexKind kind, string? constraint)
    {
        string? name = constraint;
        if (cursor.IsName() && !(cursor.Is(Keyword.TYPE) && !cursor.IsNext(TokenKind.OpenParen) && !cursor.IsNext(Keyword.USING)))
            name = cursor.Name();
        return Index(ref cursor, kind, name, TryAlgorithm(ref cursor));
    }

    /// <summary>Parses (parts) and options.</summary>
    public static IndexDefinition Index(ref TokenCursor cursor, IndexKind kind, string? name, string? algorithm)
    {
        KeyPart[] parts = KeyParts(ref cursor);
        return new IndexDefinition(kind, name, parts, Options(ref cursor, new IndexOptions { Algorithm = algorithm }));
    }

    /// <summary>Parses USING or TYPE algorithm where it stands here.</summary>
    public static string? TryAlgorithm(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.USING) && !cursor.Accept(Keyword.TYPE))
            return null;
        if (cursor.Current.Keyword is not (Keyword.BTREE or Keyword.HASH or Keyword.RTREE))
            throw cursor.Fail();
        return cursor.AnyWord().ToUpperInvariant();
    }

    private static KeyPart[] KeyParts(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        List<KeyPart> parts = [];
        do
            parts.Add(KeyPart(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        cursor.Expect(TokenKind.CloseParen);
        return [.. parts];
    }

    private static KeyPart KeyPart(ref TokenCursor cursor)
    {
        string? column = null;
        uint? length = null;
        ExpressionNode? expression = null;
        if (cursor.Accept(TokenKind.OpenParen))
        {
            expression = ExpressionParser.Parse(ref cursor);
            cursor.Expect(TokenKind.CloseParen);
        }
        else
        {
            column = cursor.Name();
            if (cursor.Accept(TokenKind.OpenParen))
            {
                length = cursor.SmallNumber();
                cursor.Expect(TokenKind.CloseParen);
            }
        }

        bool isDescending = cursor.Accept(Keyword.DESC);
        if (!isDescending)
            cursor.Accept(Keyword.ASC);
        return new KeyPart(column, length, expression, isDescending);
    }

    private static IndexOptions Options(ref TokenCursor cursor, IndexOptions options)
    {
        while (true)
        {
            switch (cursor.Current.Keyword)
            {
                case Keyword.USING or Keyword.TYPE:
                    options = options with { Algorithm = TryAlgorithm(ref cursor) };
                    break;
                case Keyword.KEY_BLOCK_SIZE:
                    cursor.Advance();
                    cursor.Accept(TokenKind.Equal);
                    options = options with { KeyBlockSize = cursor.Number() };
                    break;
                case Keyword.WITH when cursor.IsNext(Keyword.PARSER):
                    cursor.Expect(Keyword.WITH, Keyword.PARSER);
                    options = options with { Parser = cursor.Name() };
                    break;
                case Keyword.COMMENT:
                    cursor.Advance();
                    options = options with { Comment = cursor.StringText() };
                    break;
                case Keyword.VISIBLE or Keyword.INVISIBLE:
                    options = options with { IsInvisible = cursor.Is(Keyword.INVISIBLE) };
                    cursor.Advance();
                    break;
                case Keyword.ENGINE_ATTRIBUTE:
                    cursor.Advance();
                    cursor.Accept(TokenKind.Equal);
                    options = options with { EngineAttribute = cursor.StringText() };
                    break;
                case Keyword.SECONDARY_ENGINE_ATTRIBUTE:
                    cursor.Advance();
                    cursor.Accept(TokenKind.Equal);
                    options = options with { SecondaryEngineAttribute = cursor.StringText() };
                    break;
                default:
                    return options;
            }
        }
    }

    private static ForeignKeyDefinition ForeignKey(ref TokenCursor cursor, string? name)
    {
        cursor.Expect(Keyword.FOREIGN, Keyword.KEY);
        string? indexName = cursor.IsName() ? cursor.Name() : null;
        KeyPart[] parts = KeyParts(ref cursor);
        string[] columns = new string[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            columns[i] = parts[i].Column ?? throw cursor.Fail();
        return new ForeignKeyDefinition(name, indexName, columns, Reference(ref cursor));
    }

    /// <summary>Parses REFERENCES with its actions.</summary>
    public static ForeignKeyReference Reference(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.REFERENCES);
        ObjectName table = cursor.ObjectName();
        List<string> columns = [];
        if (cursor.Is(TokenKind.OpenParen))
        {
            foreach (KeyPart part in KeyParts(ref cursor))
                columns.Add(part.Column ?? throw cursor.Fail());
        }

        var reference = new ForeignKeyReference(table, [.. columns]);
        if (cursor.Accept(Keyword.MATCH))
        {
            if (cursor.Current.Keyword is not (Keyword.FULL or Keyword.PARTIAL or Keyword.SIMPLE))
                throw cursor.Fail();
            reference = reference with { Match = cursor.AnyWord().ToUpperInvariant() };
        }

        while (cursor.Is(Keyword.ON) && cursor.Next.Keyword is Keyword.DELETE or Keyword.UPDATE)
        {
            cursor.Advance();
            bool isDelete = cursor.Is(Keyword.DELETE);
            cursor.Advance();
            ReferenceAction action = Action(ref cursor);
            reference = isDelete ? reference with { OnDelete = action } : reference with { OnUpdate = action };
        }

        return reference;
    }

    private static ReferenceAction Action(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.RESTRICT))
            return ReferenceAction.Restrict;
        if (cursor.Accept(Keyword.CASCADE))
            return ReferenceAction.Cascade;
        if (cursor.Accept(Keyword.SET, Keyword.NULL))
            return ReferenceAction.SetNull;
        if (cursor.Accept(Keyword.SET, Keyword.DEFAULT))
            return ReferenceAction.SetDefault;
        cursor.Expect(Keyword.NO, Keyword.ACTION);
        return ReferenceAction.NoAction;
    }

    /// <summary>Parses CHECK (condition) [[NOT] ENFORCED].</summary>
    public static CheckConstraint Check(ref TokenCursor cursor, string? name)
    {
        cursor.Expect(Keyword.CHECK);
        cursor.Expect(TokenKind.OpenParen);
        int start = cursor.Current.Start;
        ExpressionNode condition = ExpressionParser.Parse(ref cursor);
        string text = cursor.TextFrom(start);
        cursor.Expect(TokenKind.CloseParen);
        bool isEnforced = true;
        if (cursor.Accept(Keyword.NOT, Keyword.ENFORCED))
            isEnforced = false;
        else
            cursor.Accept(Keyword.ENFORCED);
        return new CheckConstraint(name, condition, isEnforced) { Text = text };
    }
}
