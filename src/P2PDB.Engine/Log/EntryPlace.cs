namespace P2PDB.Engine.Log;

/// <summary>Where the bytes of a held entry lie: in a history file's block, or in the tail that is not in history yet.</summary>
/// <param name="File">Index of the history file; negative for the tail.</param>
/// <param name="Block">Block of the file, or chunk of the tail.</param>
/// <param name="Offset">Position in the raw block or chunk.</param>
/// <param name="Length">Bytes, padding included.</param>
internal readonly record struct EntryPlace(int File, int Block, int Offset, int Length)
{
    /// <summary>True while the entry is in the tail.</summary>
    public bool IsInTail => File < 0;
}
