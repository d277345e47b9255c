using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Changes;

/// <summary>Parses INSERT and REPLACE.</summary>
internal static class InsertParser
{
    /// <summary>Parses the statement whose first word stands here.</summary>
    public static InsertStatement Parse(ref TokenCursor cursor)
    {
        bool isReplace = cursor.Is(Keyword.REPLACE);
        cursor.Advance();
        WritePriority priority = Priority(ref cursor);
        bool isIgnore = !isReplace && cursor.Accept(Keyword.IGNORE);
        cursor.Accept(Keyword.INTO);
        var insert = new InsertStatement(cursor.ObjectName())
        {
            IsReplace = isReplace,
            IsIgnore = isIgnore,
            Priority = priority,
            Partitions = cursor.Accept(Keyword.PARTITION) ? cursor.NamesInParentheses() : [],
        };

        if (cursor.Accept(Keyword.SET))
        {
            Assignment[] assignments = UpdateParser.Assignments(ref cursor);
            insert = insert with
            {
                Columns = Array.ConvertAll(assignments, one => one.Column),
                Rows = [Array.ConvertAll(assignments, one => one.Value)],
            };
        }
        else
        {
            ColumnNode[]? columns = cursor.Is(TokenKind.OpenParen) && !QueryParser.StartsQuery(cursor) ? Columns(ref cursor) : null;
            insert = insert with { Columns = columns };
            if (cursor.Is(Keyword.VALUE) || (cursor.Is(Keyword.VALUES) && !cursor.IsNext(Keyword.ROW)))
                insert = insert with { Rows = Rows(ref cursor) };
            else
                insert = insert with { Query = QueryParser.Parse(ref cursor) };
        }

        if (insert.Rows is not null && !isReplace && cursor.Accept(Keyword.AS))
        {
            string alias = cursor.Name();
            insert = insert with { RowAlias = alias, RowAliasColumns = cursor.Is(TokenKind.OpenParen) ? cursor.NamesInParentheses() : [] };
        }

        if (isReplace || !cursor.Accept(Keyword.ON))
            return insert;
        cursor.Expect(Keyword.DUPLICATE, Keyword.KEY);
        cursor.Expect(Keyword.UPDATE);
        return insert with { OnDuplicateKey = UpdateParser.Assignments(ref cursor) };
    }

    private static WritePriority Priority(ref TokenCursor cursor)
    {
        if (cursor.Accept(Keyword.LOW_PRIORITY))
            return WritePriority.Low;
        if (cursor.Accept(Keyword.DELAYED))
            return WritePriority.Delayed;
        return cursor.Accept(Keyword.HIGH_PRIORITY) ? WritePriority.High : WritePriority.Normal;
    }

    private static ColumnNode[] Columns(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        List<ColumnNode> columns = [];
        if (!cursor.Is(TokenKind.CloseParen))
        {
            do
                columns.Add(OperandParser.Column(ref cursor));
            while (cursor.Accept(TokenKind.Comma));
        }

        cursor.Expect(TokenKind.CloseParen);
        return [.. columns];
    }

    private static ExpressionNode[][] Rows(ref TokenCursor cursor)
    {
        cursor.Advance();
        List<ExpressionNode[]> rows = [];
        List<ExpressionNode> row = [];
        do
        {
            cursor.Expect(TokenKind.OpenParen);
            row.Clear();
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
        return [.. rows];
    }
}
