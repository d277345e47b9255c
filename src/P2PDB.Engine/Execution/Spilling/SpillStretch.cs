namespace P2PDB.Engine.Execution.Spilling;

/// <summary>Rows that lie one behind another in a <see cref="SpillFile"/>.</summary>
/// <param name="Start">Where the first one begins.</param>
/// <param name="End">Where the last one ends.</param>
internal readonly record struct SpillStretch(long Start, long End);
