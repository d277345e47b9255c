namespace P2PDB.Engine.Planning.Nodes;

/// <summary>The rows of its input in order; equal rows keep the order they came in.</summary>
internal sealed class SortNode(PlanNode input, SortKey[] keys) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>The order.</summary>
    public SortKey[] Keys { get; } = keys;

    /// <summary>With a count, only the first so many rows are wanted: no more are kept.</summary>
    public LimitNode? Limit { get; init; }

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];
}
