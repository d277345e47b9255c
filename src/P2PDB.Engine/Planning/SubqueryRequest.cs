using System.Linq;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>A query inside an expression, planned: what Execution needs to make the expression that runs it.</summary>
internal sealed record SubqueryRequest(SubqueryKind Kind, PlanNode Plan, SqlType[] Types)
{
    /// <summary>The row of the enclosing block that the subquery reads, or null where it reads none: it then runs once.</summary>
    public OuterRow? Outer { get; init; }

    /// <summary>All that the subquery reads of enclosing rows: equal values, equal answers, where <see cref="IsRepeatable"/>.</summary>
    public OuterColumnExpression[] Reads { get; init; } = [];

    /// <summary>The subquery freed of the row, or null where it cannot be.</summary>
    public KeyedQuery? Keyed { get; init; }

    /// <summary>True where running the plan more or less often changes nothing.</summary>
    public bool IsRepeatable { get; } = PlanIsRepeatable(Plan);

    /// <summary>The left side of IN, ANY and ALL, one expression per column.</summary>
    public Expression[] Left { get; init; } = [];

    /// <summary>
    /// For ANY and ALL the comparison over a row of two columns: the left value and the subquery's. For IN the types that
    /// both sides are compared in follow from <see cref="Left"/> and <see cref="Types"/>, already equal.
    /// </summary>
    public Expression? Comparison { get; init; }

    private static bool PlanIsRepeatable(PlanNode node) =>
        node.Expressions.All(static expression => expression.IsRepeatable) && Array.TrueForAll(node.Inputs, PlanIsRepeatable);
}
