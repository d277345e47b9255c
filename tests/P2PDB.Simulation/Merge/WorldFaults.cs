using P2PDB.Engine.Apply;

namespace P2PDB.Simulation.Merge;

/// <summary>Which planted bugs a simulation runs with.</summary>
internal sealed record WorldFaults
{
    public static WorldFaults None { get; } = new();

    /// <summary>Entries are applied as they come, before their causes.</summary>
    public bool IsParentCheckOff { get; init; }

    public MergeFaults Merge { get; init; } = MergeFaults.None;
}
