using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>UNION, INTERSECT or EXCEPT of two inputs whose columns are converted to common types.</summary>
internal sealed class SetOperationNode(SetOperator kind, bool isAll, PlanNode left, PlanNode right) : PlanNode
{
    /// <summary>Which.</summary>
    public SetOperator Kind { get; } = kind;

    /// <summary>True where equal rows stay.</summary>
    public bool IsAll { get; } = isAll;

    /// <summary>The first input.</summary>
    public PlanNode Left { get; } = left;

    /// <summary>The second input.</summary>
    public PlanNode Right { get; } = right;

    /// <summary>Types of the columns of both inputs and of the output.</summary>
    public required SqlType[] Types { get; init; }

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Left, Right];
}
