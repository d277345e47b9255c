using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>The rows of its input that meet all conditions.</summary>
internal sealed class FilterNode(PlanNode input, Expression[] conditions) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>What a row must meet.</summary>
    public Expression[] Conditions { get; } = conditions;

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Conditions;
}
