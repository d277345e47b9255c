using P2PDB.Engine.Planning.Windows;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>
/// Window functions over rows sorted by partition and order. The input's columns are those of <see cref="InputSlots"/>, the keys of the
/// partition, those of the order, then the functions' arguments and frames; what comes out is the block's row.
/// </summary>
internal sealed class WindowNode(PlanNode input, RowShape shape) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>The block's row.</summary>
    public RowShape Shape { get; } = shape;

    /// <summary>Slots that the leading columns of the input go to.</summary>
    public required int[] InputSlots { get; init; }

    /// <summary>Types of the input's columns.</summary>
    public required SqlType[] InputTypes { get; init; }

    /// <summary>Keys of the partition.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>Keys of the order.</summary>
    public required int OrderCount { get; init; }

    /// <summary>The functions.</summary>
    public required WindowCall[] Calls { get; init; }

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];
}
