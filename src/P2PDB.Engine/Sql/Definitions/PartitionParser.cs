using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses PARTITION BY.</summary>
internal static class PartitionParser
{
    /// <summary>Parses PARTITION BY where it stands here.</summary>
    public static Partitioning? TryParse(ref TokenCursor cursor)
    {
        if (!cursor.Accept(Keyword.PARTITION, Keyword.BY))
            return null;
        Partitioning partitioning = Method(ref cursor);
        if (cursor.Accept(Keyword.PARTITIONS))
            partitioning = partitioning with { Count = cursor.Number() };
        if (cursor.Accept(Keyword.SUBPARTITION))
        {
            cursor.Expect(Keyword.BY);
            Partitioning sub = Method(ref cursor);
            if (cursor.Accept(Keyword.SUBPARTITIONS))
                sub = sub with { Count = cursor.Number() };
            partitioning = partitioning with { Subpartitioning = sub };
        }

        return cursor.Is(TokenKind.OpenParen) ? partitioning with { Partitions = Definitions(ref cursor) } : partitioning;
    }

    /// <summary>Parses (PARTITION …, …).</summary>
    public static PartitionDefinition[] Definitions(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        List<PartitionDefinition> partitions = [];
        do
            partitions.Add(Definition(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        cursor.Expect(TokenKind.CloseParen);
        return [.. partitions];
    }

    private static Partitioning Method(ref TokenCursor cursor)
    {
        bool isLinear = cursor.Accept(Keyword.LINEAR);
        Keyword word = cursor.Current.Keyword;
        cursor.Advance();
        switch (word)
        {
            case Keyword.HASH:
                return new Partitioning(PartitionMethod.Hash) { IsLinear = isLinear, Expression = InParentheses(ref cursor) };
            case Keyword.KEY:
                ulong? algorithm = null;
                if (cursor.Accept(Keyword.ALGORITHM))
                {
                    cursor.Expect(TokenKind.Equal);
                    algorithm = cursor.Number();
                }

                return new Partitioning(PartitionMethod.Key) { IsLinear = isLinear, Algorithm = algorithm, Columns = KeyColumns(ref cursor) };
            case Keyword.RANGE or Keyword.LIST when !isLinear:
                bool isRange = word == Keyword.RANGE;
                return cursor.Accept(Keyword.COLUMNS)
                    ? new Partitioning(isRange ? PartitionMethod.RangeColumns : PartitionMethod.ListColumns) { Columns = cursor.NamesInParentheses() }
                    : new Partitioning(isRange ? PartitionMethod.Range : PartitionMethod.List) { Expression = InParentheses(ref cursor) };
            default:
                throw cursor.FailAt(cursor.TakenEnd);
        }
    }

    private static ExpressionNode InParentheses(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode expression = ExpressionParser.Bits(ref cursor, 1);
        cursor.Expect(TokenKind.CloseParen);
        return expression;
    }

    private static string[] KeyColumns(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        string[] columns = cursor.Is(TokenKind.CloseParen) ? [] : cursor.Names();
        cursor.Expect(TokenKind.CloseParen);
        return columns;
    }

    private static PartitionDefinition Definition(ref TokenCursor cursor)
    {
        cursor.Expect(Keyword.PARTITION);
        var partition = new PartitionDefinition(cursor.Name());
        if (cursor.Accept(Keyword.VALUES))
        {
            if (cursor.Accept(Keyword.IN))
            {
                partition = partition with { In = InValues(ref cursor) };
            }
            else
            {
                cursor.Expect(Keyword.LESS, Keyword.THAN);
                partition = partition with { LessThan = LessThanValues(ref cursor) };
            }
        }

        partition = partition with { Options = Options(ref cursor) };
        if (!cursor.Accept(TokenKind.OpenParen))
            return partition;

        List<PartitionDefinition> parts = [];
        do
        {
            cursor.Expect(Keyword.SUBPARTITION);
            string name = cursor.NameOrString();
            parts.Add(new PartitionDefinition(name) { Options = Options(ref cursor) });
        }
        while (cursor.Accept(TokenKind.Comma));
        cursor.Expect(TokenKind.CloseParen);
        return partition with { Subpartitions = [.. parts] };
    }

    private static ExpressionNode[] InValues(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        ExpressionNode[] values = ExpressionParser.List(ref cursor);
        cursor.Expect(TokenKind.CloseParen);
        return values;
    }

    private static ExpressionNode?[] LessThanValues(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.MAXVALUE))
            return [null];
        cursor.Expect(TokenKind.OpenParen);
        List<ExpressionNode?> values = [];
        do
            values.Add(cursor.Accept(Keyword.MAXVALUE) ? null : ExpressionParser.Parse(ref cursor));
        while (cursor.Accept(TokenKind.Comma));
        cursor.Expect(TokenKind.CloseParen);
        return [.. values];
    }

    private static TableOption[] Options(ref TokenCursor cursor)
    {
        List<TableOption> options = [];
        while (TableOptionParser.TryParse(ref cursor) is { } option)
            options.Add(option);
        return [.. options];
    }
}
