using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;

namespace P2PDB.Simulation.Nodes;

/// <summary>What a simulated run is given besides its seed.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The product as it is.</summary>
    public static ClusterOptions Sound { get; } = new();

    public MergeFaults Merge { get; init; } = MergeFaults.None;

    public LogFaults Log { get; init; } = LogFaults.None;

    /// <summary>
    /// True where a power loss may take away what was synced and shown to peers, as a disk does that lies about its syncs.
    /// </summary>
    public bool LosesTails { get; init; }

    /// <summary>True where the rows of two nodes are in pages with frequent checkpoints, those of the third in memory.</summary>
    public bool HasPages { get; init; }

    public int StepCount { get; init; } = 250;
}
