using System.Linq;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>
/// Groups of rows with equal keys, one output row each: the keys, the values that the group's first row carries, and the
/// aggregates, each in a slot of its own. Without keys all rows are one group, which is there even when no row is.
/// </summary>
internal sealed class GroupNode(PlanNode input) : PlanNode
{
    /// <summary>Where rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>What is equal within a group.</summary>
    public required Expression[] Keys { get; init; }

    /// <summary>What the first row of each group stands for all of them in.</summary>
    public required Expression[] Carried { get; init; }

    /// <summary>The aggregates.</summary>
    public required AggregateFunction[] Functions { get; init; }

    /// <summary>The row that comes out.</summary>
    public required RowShape Shape { get; init; }

    /// <summary>Slot of each key, then of each carried value.</summary>
    public required int[] HeadSlots { get; init; }

    /// <summary>Slot of each aggregate.</summary>
    public required int[] FunctionSlots { get; init; }

    /// <summary>True for WITH ROLLUP: super-aggregate rows, in which trailing keys are NULL.</summary>
    public bool HasRollup { get; init; }

    /// <summary>Slot that takes how many trailing keys a row of ROLLUP left out, or -1.</summary>
    public int RollupSlot { get; init; } = -1;

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [.. Keys, .. Carried, .. Functions.SelectMany(static function => function.Arguments.ToArray())];
}
