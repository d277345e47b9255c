namespace P2PDB.Engine.Apply;

/// <summary>What became of an entry.</summary>
internal enum ApplyStatus : byte
{
    /// <summary>All its operations took part in the merge.</summary>
    Applied,

    /// <summary>Some operation does not decode or contradicts itself: the whole entry is without effect, on all nodes alike.</summary>
    Void,
}
