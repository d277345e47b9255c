namespace P2PDB.Engine.Log;

/// <summary>An authentic entry that waits.</summary>
internal sealed record ParkedEntry(EntryId Id, byte[] Bytes, AppendStatus Reason);
