using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses column definitions.</summary>
internal static class ColumnParser
{
    /// <summary>Parses name, type and attributes.</summary>
    public static ColumnDefinition Parse(ref TokenCursor cursor)
    {
        string name = Name(ref cursor);
        if (cursor.Accept(Keyword.SERIAL))
        {
            // SERIAL is BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE.
            var serial = new ColumnDefinition(name, new DataTypeNode(DataTypeKind.BigInt) { IsUnsigned = true })
            {
                IsNullable = false,
                IsAutoIncrement = true,
                IsUnique = true,
            };
            return Attributes(ref cursor, serial);
        }

        return Attributes(ref cursor, new ColumnDefinition(name, DataTypeParser.Parse(ref cursor)));
    }

    /// <summary>Takes a column's name; [database.]table. before it is taken and forgotten.</summary>
    public static string Name(ref TokenCursor cursor)
    {
        string name = cursor.Name();
        while (cursor.Accept(TokenKind.Dot))
            name = cursor.AnyWord();
        return name;
    }

    private static ColumnDefinition Attributes(ref TokenCursor cursor, ColumnDefinition column)
    {
        while (Attribute(ref cursor, column) is { } next)
            column = next;
        return column;
    }

    private static ColumnDefinition? Attribute(ref TokenCursor cursor, ColumnDefinition column)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.NULL:
                cursor.Advance();
                return column with { IsNullable = true };
            case Keyword.NOT when cursor.IsNext(Keyword.NULL):
                cursor.Expect(Keyword.NOT, Keyword.NULL);
                return column with { IsNullable = false };
            case Keyword.DEFAULT:
                return Default(ref cursor, column);
            case Keyword.ON when cursor.IsNext(Keyword.UPDATE):
                cursor.Expect(Keyword.ON, Keyword.UPDATE);
                return column with { OnUpdate = Now(ref cursor) ?? throw cursor.Fail() };
            case Keyword.AUTO_INCREMENT:
                cursor.Advance();
                return column with { IsAutoIncrement = true };
            case Keyword.UNIQUE:
                cursor.Advance();
                cursor.Accept(Keyword.KEY);
                return column with { IsUnique = true };
            case Keyword.PRIMARY:
                cursor.Expect(Keyword.PRIMARY, Keyword.KEY);
                return column with { IsPrimaryKey = true };
            case Keyword.KEY:
                cursor.Advance();
                return column with { IsPrimaryKey = true };
            case Keyword.COMMENT:
                cursor.Advance();
                return column with { Comment = cursor.StringText() };
            case Keyword.COLLATE:
                cursor.Advance();
                return column with { Type = column.Type with { Collation = cursor.CharacterSetName() } };
            case Keyword.SERIAL:
                cursor.Advance();
                cursor.Expect(Keyword.DEFAULT, Keyword.VALUE);
                return column with { IsNullable = false, IsAutoIncrement = true, IsUnique = true };
            case Keyword.GENERATED or Keyword.AS:
                return Generated(ref cursor, column);
            case Keyword.SRID:
                cursor.Advance();
                return column with { Type = column.Type with { SpatialReference = cursor.SmallNumber() } };
            case Keyword.REFERENCES:
                return column with { References = TableElementParser.Reference(ref cursor) };
            case Keyword.CONSTRAINT or Keyword.CHECK:
                return Check(ref cursor, column);
            default:
                return Storage(ref cursor, column);
        }
    }

    private static ColumnDefinition? Storage(ref TokenCursor cursor, ColumnDefinition column)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.VISIBLE or Keyword.INVISIBLE:
                bool isInvisible = cursor.Is(Keyword.INVISIBLE);
                cursor.Advance();
                return column with { IsInvisible = isInvisible };
            case Keyword.COLUMN_FORMAT:
                cursor.Advance();
                return column with { Format = cursor.AnyWord().ToUpperInvariant() };
            case Keyword.STORAGE:
                cursor.Advance();
                return column with { Storage = cursor.AnyWord().ToUpperInvariant() };
            case Keyword.ENGINE_ATTRIBUTE:
                cursor.Advance();
                cursor.Accept(TokenKind.Equal);
                return column with { EngineAttribute = cursor.StringText() };
            case Keyword.SECONDARY_ENGINE_ATTRIBUTE:
                cursor.Advance();
                cursor.Accept(TokenKind.Equal);
                return column with { SecondaryEngineAttribute = cursor.StringText() };
            default:
                return null;
        }
    }

    private static ColumnDefinition Default(ref TokenCursor cursor, ColumnDefinition column)
    {
        cursor.Expect(Keyword.DEFAULT);
        (ExpressionNode value, bool isExpression) = DefaultValue(ref cursor);
        return column with { Default = value, IsDefaultExpression = isExpression };
    }

    /// <summary>Parses what stands behind DEFAULT: a literal with its sign, CURRENT_TIMESTAMP, or (expression).</summary>
    public static (ExpressionNode Value, bool IsExpression) DefaultValue(ref TokenCursor cursor)
    {
        if (cursor.Accept(TokenKind.OpenParen))
        {
            ExpressionNode expression = ExpressionParser.Parse(ref cursor);
            cursor.Expect(TokenKind.CloseParen);
            return (expression, true);
        }

        if (Now(ref cursor) is { } now)
            return (now, false);

        Token start = cursor.Current;
        ExpressionNode value = ExpressionParser.Prefixed(ref cursor);
        bool isLiteral = value switch
        {
            UnaryNode { Operator: UnaryOperator.Minus or UnaryOperator.Plus, Operand: IntegerLiteral or DecimalLiteral or FloatLiteral } => true,
            IntegerLiteral or DecimalLiteral or FloatLiteral or StringLiteral or BinaryLiteral or NullLiteral or BooleanLiteral or TemporalLiteral => true,
            _ => false,
        };
        return isLiteral ? (value, false) : throw cursor.FailAt(start.Start);
    }

    private static FunctionCallNode? Now(ref TokenCursor cursor)
    {
        Token token = cursor.Current;
        if (token.Keyword is not (Keyword.NOW or Keyword.CURRENT_TIMESTAMP or Keyword.LOCALTIME or Keyword.LOCALTIMESTAMP))
            return null;
        cursor.Advance();
        ExpressionNode[] arguments = cursor.Is(TokenKind.OpenParen) ? FunctionParser.Arguments(ref cursor) : [];
        return new FunctionCallNode(null, "NOW", arguments) { Position = token.Start };
    }

    private static ColumnDefinition Generated(ref TokenCursor cursor, ColumnDefinition column)
    {
        if (cursor.Accept(Keyword.GENERATED))
            cursor.Expect(Keyword.ALWAYS);
        cursor.Expect(Keyword.AS);
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode value = ExpressionParser.Parse(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        bool isStored = cursor.Accept(Keyword.STORED);
        if (!isStored)
            cursor.Accept(Keyword.VIRTUAL);
        return column with { Generated = value, IsStored = isStored };
    }

    private static ColumnDefinition Check(ref TokenCursor cursor, ColumnDefinition column)
    {
        string? name = null;
        if (cursor.Accept(Keyword.CONSTRAINT))
            name = cursor.Is(Keyword.CHECK) ? null : cursor.Name();
        return column with { Checks = [.. column.Checks, TableElementParser.Check(ref cursor, name)] };
    }
}
