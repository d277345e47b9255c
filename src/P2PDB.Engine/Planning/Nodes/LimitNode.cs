using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Some rows of its input: skips an offset, then gives out a count.</summary>
internal sealed class LimitNode(PlanNode input, Expression? count, Expression? offset) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>Rows to give out, or null for all.</summary>
    public Expression? Count { get; } = count;

    /// <summary>Rows to skip, or null for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <summary>True where the rows past the limit are still counted, for FOUND_ROWS().</summary>
    public bool CountsAll { get; init; }

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];
}
