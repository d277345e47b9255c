namespace P2PDB.Engine.Planning.Nodes;

/// <summary>No row at all: a condition is false whatever the data.</summary>
internal sealed class EmptyNode(RowShape shape) : PlanNode
{
    /// <summary>The block's row.</summary>
    public RowShape Shape { get; } = shape;
}
