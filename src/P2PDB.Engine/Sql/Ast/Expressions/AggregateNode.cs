using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>An aggregate function; with <see cref="Over"/> it is computed over a window.</summary>
/// <param name="Name">Upper case: COUNT, SUM, AVG, MIN, MAX, GROUP_CONCAT, BIT_AND, BIT_OR, BIT_XOR, STD…, VAR…, JSON_ARRAYAGG, JSON_OBJECTAGG, ST_COLLECT.</param>
/// <param name="Arguments">The arguments; none for COUNT(*).</param>
/// <param name="IsDistinct">DISTINCT before the arguments.</param>
internal sealed record AggregateNode(string Name, ExpressionNode[] Arguments, bool IsDistinct) : ExpressionNode
{
    /// <summary>GROUP_CONCAT's ORDER BY; empty where there is none.</summary>
    public OrderItem[] OrderBy { get; init; } = [];

    /// <summary>GROUP_CONCAT's SEPARATOR, or null for a comma.</summary>
    public byte[]? Separator { get; init; }

    /// <summary>The window, or null for a plain aggregate.</summary>
    public WindowReference? Over { get; init; }
}
