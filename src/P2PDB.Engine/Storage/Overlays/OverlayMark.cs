using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Overlays;

/// <summary>A state of an overlay to go back to. The default is the empty one.</summary>
/// <param name="Root">What was in memory.</param>
/// <param name="Runs">What was on the disk, oldest first; null for nothing.</param>
/// <param name="MemoryLength">Bytes that were in memory, about.</param>
internal readonly record struct OverlayMark(TreeRoot Root, SortedRun[]? Runs, long MemoryLength);
