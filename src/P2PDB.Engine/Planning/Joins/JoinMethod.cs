namespace P2PDB.Engine.Planning.Joins;

/// <summary>How a part joins what stands before it.</summary>
internal enum JoinMethod : byte
{
    /// <summary>By a path of the part whose keys the rows before it name.</summary>
    Lookup,

    /// <summary>By a hash table of the part's rows.</summary>
    Hash,

    /// <summary>By a hash table of the rows before it, which the part's rows look up: where those are the fewer.</summary>
    HashOfFormer,

    /// <summary>All pairs.</summary>
    Pairs,
}
