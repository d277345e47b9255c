namespace P2PDB.Engine.Planning.Nodes;

/// <summary>The first of all rows that are equal in their leading columns.</summary>
internal sealed class DistinctNode(PlanNode input, int columnCount) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>How many leading columns are compared.</summary>
    public int ColumnCount { get; } = columnCount;

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];
}
