namespace P2PDB.Engine.Log;

/// <summary>A held entry: its chain's number on this node and its index there.</summary>
internal readonly record struct EntryPosition(int Chain, int Index);
