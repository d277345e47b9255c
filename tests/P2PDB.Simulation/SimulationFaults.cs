using P2PDB.Engine.Apply;

namespace P2PDB.Simulation;

/// <summary>Which planted bugs a simulation runs with.</summary>
internal sealed record SimulationFaults
{
    public static SimulationFaults None { get; } = new();

    /// <summary>Entries are applied as they come, before their causes.</summary>
    public bool IsParentCheckOff { get; init; }

    public MergeFaults Merge { get; init; } = MergeFaults.None;
}
