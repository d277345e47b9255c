using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning;

/// <summary>What can be seen of a query inside an expression before it is bound: whether its parts can be taken apart.</summary>
internal static class SubqueryForm
{
    /// <summary>The SELECT of a query that does nothing but join, filter and, in its select list, aggregate; else null.</summary>
    public static SelectBody? Plain(Query query) =>
        query is { With: null, OrderBy.Length: 0, Locking.Length: 0, Into: null }
        && query.Body is SelectBody { From.Length: > 0, GroupBy.Length: 0, Having: null, Windows.Length: 0 } select
            ? select : null;

    /// <summary>True for what cannot move to another place: queries, window functions, and what reads or sets variables.</summary>
    public static bool IsBarrier(ExpressionNode node) =>
        node is WindowCallNode or AggregateNode { Over: not null } or AssignNode or UserVariableNode || AstWalker.QueryOf(node) is not null;

    /// <summary>True where a source is made of tables and views that the schema names.</summary>
    public static bool ReadsTablesOnly(TableSource source, QueryPlanner planner) => source switch
    {
        NamedTable named => named.Name.Schema is not null || planner.FindNamedQuery(named.Name.Name) is null,
        JoinedTable joined => ReadsTablesOnly(joined.Left, planner) && ReadsTablesOnly(joined.Right, planner),
        _ => false,
    };

    /// <summary>True where no condition of a join inside a source reads a row outside of <paramref name="block"/>, or a query.</summary>
    public static bool IsWithin(TableSource source, QueryBlock block) => source is not JoinedTable joined
        || (IsWithin(joined.Left, block) && IsWithin(joined.Right, block)
            && !AstWalker.Any(joined.On, node => AstWalker.QueryOf(node) is not null || IsOutside(node, block)));

    /// <summary>True where an expression, or a part of it, is a column of an enclosing block.</summary>
    public static bool ReadsOutside(ExpressionNode expression, QueryBlock block) =>
        AstWalker.Any(expression, node => IsOutside(node, block));

    /// <summary>True where an expression, or a part of it, is a column of the block.</summary>
    public static bool ReadsInside(ExpressionNode expression, QueryBlock block) =>
        AstWalker.Any(expression, node => node is ColumnNode column && block.FindHere(column, "where clause") is not null);

    private static bool IsOutside(ExpressionNode node, QueryBlock block) =>
        node is ColumnNode column && block.FindHere(column, "where clause") is null;
}
