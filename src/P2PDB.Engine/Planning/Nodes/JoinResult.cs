namespace P2PDB.Engine.Planning.Nodes;

/// <summary>What a join gives out.</summary>
internal enum JoinResult : byte
{
    /// <summary>The pairs of partners.</summary>
    Pairs,

    /// <summary>The pairs, and each left row without a partner once, with NULL on the right: a left join.</summary>
    PairsAndUnmatched,

    /// <summary>Each left row that has a partner, once: a semi join, as EXISTS and IN ask for.</summary>
    Matched,

    /// <summary>Each left row that has no partner: an anti join, as NOT EXISTS and NOT IN ask for.</summary>
    Unmatched,
}
