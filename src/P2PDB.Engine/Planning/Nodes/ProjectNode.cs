using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Rows computed from the rows of its input.</summary>
internal sealed class ProjectNode(PlanNode input, Expression[] items) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>One expression per output column.</summary>
    public Expression[] Items { get; } = items;

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Items;
}
