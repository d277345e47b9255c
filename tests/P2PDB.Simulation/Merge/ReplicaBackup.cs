using P2PDB.Engine.Log;
using P2PDB.Simulation.Model;

namespace P2PDB.Simulation.Merge;

/// <summary>A copy of a replica's durable state.</summary>
internal sealed record ReplicaBackup(List<ModelEntry> Entries, ChainTip Tip);
