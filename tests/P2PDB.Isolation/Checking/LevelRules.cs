using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>What each level rules out, in a server that is checked.</summary>
/// <param name="HasDirtyReads">True for InnoDB, whose READ UNCOMMITTED reads what is not committed; P2PDB's is READ COMMITTED.</param>
internal sealed record LevelRules(bool HasDirtyReads)
{
    /// <summary>P2PDB.</summary>
    public static LevelRules Own { get; } = new(HasDirtyReads: false);

    /// <summary>MariaDB with InnoDB: the control.</summary>
    public static LevelRules InnoDb { get; } = new(HasDirtyReads: true);

    /// <summary>True where transactions of the level, and stronger ones, never show the phenomenon.</summary>
    public bool Forbids(IsolationLevel level, AnomalyKind kind) => level >= LowestWithout(kind);

    /// <summary>True where plain reads of the level see no moment at all.</summary>
    public bool ReadsDirty(IsolationLevel level) => HasDirtyReads && level == IsolationLevel.ReadUncommitted;

    private IsolationLevel LowestWithout(AnomalyKind kind) => kind switch
    {
        AnomalyKind.AbortedRead or AnomalyKind.IntermediateRead or AnomalyKind.CircularFlow
            or AnomalyKind.ObservedTransactionVanishes or AnomalyKind.FracturedRead =>
            HasDirtyReads ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
        AnomalyKind.NonRepeatableRead => IsolationLevel.RepeatableRead,
        AnomalyKind.LostUpdate or AnomalyKind.ReadSkew or AnomalyKind.WriteSkew or AnomalyKind.Phantom => IsolationLevel.Serializable,
        _ => IsolationLevel.ReadUncommitted,
    };
}
