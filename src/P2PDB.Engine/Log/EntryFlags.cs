namespace P2PDB.Engine.Log;

/// <summary>Bits of an entry's header; all others are zero.</summary>
[Flags]
internal enum EntryFlags : ushort
{
    /// <summary>A plain entry: whole transactions, stored as they are.</summary>
    None = 0,

    /// <summary>The body is one LZ4 block.</summary>
    Compressed = 1,

    /// <summary>The body is one part of a transaction that spans consecutive entries.</summary>
    Part = 2,

    /// <summary>With <see cref="Part"/>: the transaction ends here.</summary>
    LastPart = 4,

    /// <summary>No body: the entry only joins heads, or ends a transaction that was left unfinished.</summary>
    Merge = 8,

    /// <summary>Every bit that has a meaning.</summary>
    All = Compressed | Part | LastPart | Merge,
}
