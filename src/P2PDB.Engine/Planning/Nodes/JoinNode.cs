using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>
/// Pairs of rows of two inputs that share a block's row. With hash keys the right side is built into a table; without
/// them and with a right side whose path reads left slots, that path is opened for each left row; else all pairs are tried.
/// </summary>
internal sealed class JoinNode(PlanNode left, PlanNode right, RowShape shape) : PlanNode
{
    /// <summary>The outer side: its rows survive a left join, and are all that comes out of a semi join.</summary>
    public PlanNode Left { get; } = left;

    /// <summary>The inner side.</summary>
    public PlanNode Right { get; } = right;

    /// <summary>The block's row.</summary>
    public RowShape Shape { get; } = shape;

    /// <summary>What comes out.</summary>
    public JoinResult Result { get; init; }

    /// <summary>True where left rows come out, narrowed, and no pairs.</summary>
    public bool GivesLeftRows => Result is JoinResult.Matched or JoinResult.Unmatched;

    /// <summary>Slots that the left side fills.</summary>
    public int[] LeftSlots { get; set; } = [];

    /// <summary>Slots that the right side fills.</summary>
    public int[] RightSlots { get; set; } = [];

    /// <summary>Expressions over the left row, equal pairwise to <see cref="RightKeys"/>; empty for no hash table.</summary>
    public Expression[] LeftKeys { get; set; } = [];

    /// <summary>Expressions over the right row.</summary>
    public Expression[] RightKeys { get; set; } = [];

    /// <summary>The left row that the right side is opened for, one after the other: LATERAL; null where it reads none.</summary>
    public OuterRow? Outer { get; init; }

    /// <summary>True where the right side is a scan whose path reads the left row.</summary>
    public bool IsLookup { get; init; }

    /// <summary>What else a pair must meet to count as partners.</summary>
    public Expression[] Conditions { get; set; } = [];

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Left, Right];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [.. LeftKeys, .. RightKeys, .. Conditions];
}
