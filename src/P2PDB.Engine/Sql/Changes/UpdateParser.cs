using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Expressions;
using P2PDB.Engine.Sql.Queries;

namespace P2PDB.Engine.Sql.Changes;

/// <summary>Parses UPDATE.</summary>
internal static class UpdateParser
{
    /// <summary>Parses the statement whose word stands here.</summary>
    public static UpdateStatement Parse(ref TokenCursor cursor, WithClause? with)
    {
        cursor.Expect(Keyword.UPDATE);
        bool isLowPriority = cursor.Accept(Keyword.LOW_PRIORITY);
        bool isIgnore = cursor.Accept(Keyword.IGNORE);
        TableSource[] tables = TableSourceParser.List(ref cursor);
        cursor.Expect(Keyword.SET);
        Assignment[] assignments = Assignments(ref cursor);
        return new UpdateStatement(tables, assignments)
        {
            With = with,
            IsLowPriority = isLowPriority,
            IsIgnore = isIgnore,
            Where = cursor.Accept(Keyword.WHERE) ? ExpressionParser.Parse(ref cursor) : null,
            OrderBy = QueryParser.TryOrderBy(ref cursor),
            Limit = cursor.Accept(Keyword.LIMIT) ? QueryParser.LimitOption(ref cursor) : null,
        };
    }

    /// <summary>Parses column = value, ….</summary>
    public static Assignment[] Assignments(ref TokenCursor cursor)
    {
        List<Assignment> assignments = [];
        do
        {
            ColumnNode column = OperandParser.Column(ref cursor);
            if (!cursor.Accept(TokenKind.Equal))
                cursor.Expect(TokenKind.Assign);
            assignments.Add(new Assignment(column, ExpressionParser.ValueOrDefault(ref cursor)));
        }
        while (cursor.Accept(TokenKind.Comma));
        return [.. assignments];
    }
}
