namespace P2PDB.Engine.Log;

/// <summary>How far a chain went when a <see cref="LogMark"/> was made.</summary>
/// <param name="First">The first entry that the branch holds itself.</param>
/// <param name="Last">The last one.</param>
/// <param name="Count">Entries that it held; at least one.</param>
internal readonly record struct ChainMark(EntryId First, EntryId Last, int Count);
