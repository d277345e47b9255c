using P2PDB.Engine.Log;

namespace P2PDB.Engine.Sync;

/// <summary>What became of one ENTRIES frame.</summary>
/// <param name="Database">The frame's database.</param>
/// <param name="AppendedCount">Entries that are held now and were not before.</param>
/// <param name="Waits">True when an entry waits for others that this node does not hold.</param>
/// <param name="IsRefused">True when an entry was malformed or forged: the peer erred or lies.</param>
internal readonly record struct AppliedBatch(DatabaseId Database, int AppendedCount, bool Waits, bool IsRefused);
