namespace P2PDB.Engine.Log;

/// <summary>A place in a <see cref="ChangeSet"/> to return to.</summary>
internal readonly record struct ChangeSetMark(long Length, int OpCount, int TableCount);
