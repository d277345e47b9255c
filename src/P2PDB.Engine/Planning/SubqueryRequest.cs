using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>A query inside an expression, planned: what Execution needs to make the expression that runs it.</summary>
internal sealed record SubqueryRequest(SubqueryKind Kind, PlanNode Plan, SqlType[] Types)
{
    /// <summary>The row of the enclosing block that the subquery reads, or null where it reads none: it then runs once.</summary>
    public OuterRow? Outer { get; init; }

    /// <summary>The left side of IN, ANY and ALL, one expression per column.</summary>
    public Expression[] Left { get; init; } = [];

    /// <summary>
    /// For ANY and ALL the comparison over a row of two columns: the left value and the subquery's. For IN the types that
    /// both sides are compared in follow from <see cref="Left"/> and <see cref="Types"/>, already equal.
    /// </summary>
    public Expression? Comparison { get; init; }
}
