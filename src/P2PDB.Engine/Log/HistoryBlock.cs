namespace P2PDB.Engine.Log;

/// <summary>One record of a history file's index.</summary>
internal readonly record struct HistoryBlock(
    long Offset, int StoredLength, int RawLength, uint Check, int EntryCount, ulong FirstSeq, AuthorKey FirstAuthor);
