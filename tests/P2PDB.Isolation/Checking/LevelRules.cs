using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>What each level rules out, in a server that is checked.</summary>
/// <param name="HasDirtyReads">True for InnoDB, whose READ UNCOMMITTED reads what is not committed; P2PDB's is READ COMMITTED.</param>
/// <param name="ForgetsTakenBack">
/// True for MariaDB: ROLLBACK TO a savepoint from before InnoDB's first statement ends its part of the transaction, with all locks and the
/// snapshot, so that what was read in between promises nothing.
/// </param>
internal sealed record LevelRules(bool HasDirtyReads, bool ForgetsTakenBack)
{
    /// <summary>P2PDB.</summary>
    public static LevelRules Own { get; } = new(HasDirtyReads: false, ForgetsTakenBack: false);

    /// <summary>MariaDB with InnoDB: the control.</summary>
    public static LevelRules InnoDb { get; } = new(HasDirtyReads: true, ForgetsTakenBack: true);

    /// <summary>True where transactions of the level, and stronger ones, never show the phenomenon.</summary>
    public bool Forbids(IsolationLevel level, AnomalyKind kind) => level >= LowestWithout(kind);

    /// <summary>True where plain reads of the level see no moment at all.</summary>
    public bool ReadsDirty(IsolationLevel level) => HasDirtyReads && level == IsolationLevel.ReadUncommitted;

    /// <summary>True where what a statement read is no part of what its transaction promises.</summary>
    public bool Ignores(RecordedTransaction transaction, Operation read) =>
        ReadsDirty(transaction.Level) || (ForgetsTakenBack && read.UndoneBefore != 0);

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
