using P2PDB.Engine.Log;

namespace P2PDB.Simulation;

/// <summary>A copy of a replica's durable state.</summary>
internal sealed record ReplicaBackup(List<SimulatedEntry> Entries, ChainTip Tip);
