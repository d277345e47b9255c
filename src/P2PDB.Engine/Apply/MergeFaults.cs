namespace P2PDB.Engine.Apply;

/// <summary>
/// Bugs that the simulator plants to see that it would find them. Production has none of them; nothing but the simulator
/// and its tests makes an applier with any.
/// </summary>
internal sealed record MergeFaults
{
    /// <summary>No bug.</summary>
    public static MergeFaults None { get; } = new();

    /// <summary>Operations of equal time are not told apart: the one that comes last wins.</summary>
    public bool IsTieBreakOff { get; init; }

    /// <summary>A deleted row is forgotten together with the time of its end.</summary>
    public bool IsTombstoneOff { get; init; }

    /// <summary>A row that was appended is changed and ended like any other.</summary>
    public bool IsAppendOff { get; init; }

    /// <summary>The children of a row that goes or comes are not looked at.</summary>
    public bool AreChildrenForgotten { get; init; }

    /// <summary>Deleted rows are not looked at when rows that reference them come or go.</summary>
    public bool AreParentsForgotten { get; init; }

    /// <summary>Members that were taken away from a set come back where another author has them.</summary>
    public bool AreRemovalsForgotten { get; init; }

    /// <summary>What was inserted on the left of a part of a text turns up on its right.</summary>
    public bool AreSidesForgotten { get; init; }
}
