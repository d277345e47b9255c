namespace P2PDB.Isolation.Checking;

/// <summary>Why one transaction, or part of one, comes before another. Each is a bit, so that searches can name several.</summary>
[Flags]
internal enum EdgeKind
{
    None = 0,

    /// <summary>ww: the second replaced a version of the first.</summary>
    Overwrites = 1,

    /// <summary>wr: the second read a version of the first.</summary>
    Reads = 2,

    /// <summary>rw: the second replaced a version that the first had read.</summary>
    ReadBefore = 4,

    /// <summary>rw by predicate: the second made a row that the first looked for and did not find.</summary>
    Missed = 8,

    /// <summary>Both are parts of one transaction, in this order.</summary>
    Follows = 16,
}
