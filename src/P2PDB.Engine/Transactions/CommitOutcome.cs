namespace P2PDB.Engine.Transactions;

/// <summary>What became of a transaction's commit, as a statement reports it.</summary>
internal enum CommitOutcome : byte
{
    /// <summary>It is committed.</summary>
    Committed,

    /// <summary>A peer's entry changed a row that it had locked.</summary>
    Refused,

    /// <summary>There is a database of the name already.</summary>
    NameTaken,

    /// <summary>A database of it is no longer here.</summary>
    DatabaseUnknown,

    /// <summary>This node may not write that database.</summary>
    NotAdmitted,

    /// <summary>The clock is far behind the log.</summary>
    ClockBehind,

    /// <summary>There is no room on the disk.</summary>
    DiskFull,

    /// <summary>It is larger than a transaction may be.</summary>
    TooLarge,

    /// <summary>It is in the log, but no node can apply it: it has no effect.</summary>
    Void,

    /// <summary>The node no longer commits.</summary>
    Stopped,
}
