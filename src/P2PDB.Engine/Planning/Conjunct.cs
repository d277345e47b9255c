using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>One condition of a conjunction, with what the planner must know to place it.</summary>
/// <param name="Node">The condition.</param>
/// <param name="Relations">Bit per relation of the block that it reads.</param>
/// <param name="HasSubquery">True where a subquery is inside.</param>
internal sealed record Conjunct(ExpressionNode Node, ulong Relations, bool HasSubquery)
{
    /// <summary>True where a subquery inside runs for each row: it is evaluated as late as possible.</summary>
    public bool IsLate { get; set; }

    /// <summary>The condition bound, once something had to know it.</summary>
    public Expression? Bound { get; set; }

    /// <summary>True once a step of the plan sees to it.</summary>
    public bool IsPlaced { get; set; }
}
