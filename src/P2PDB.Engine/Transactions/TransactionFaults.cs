namespace P2PDB.Engine.Transactions;

/// <summary>
/// Bugs that the isolation checker plants to see that it would find them. Production has none of them; nothing but the checker
/// and its tests opens a database with any.
/// </summary>
internal sealed record TransactionFaults
{
    /// <summary>No bug.</summary>
    public static TransactionFaults None { get; } = new();

    /// <summary>Each statement of a REPEATABLE READ transaction takes a snapshot of its own.</summary>
    public bool IsSnapshotRenewed { get; init; }

    /// <summary>A row is read as the snapshot has it after it was locked, not in its newest version.</summary>
    public bool ReadsSnapshotUnderLock { get; init; }

    /// <summary>Locks are given back at the end of the statement.</summary>
    public bool EndsLocksWithStatement { get; init; }

    /// <summary>ROLLBACK TO hides changes from the transaction itself but commits them.</summary>
    public bool KeepsWhatIsTakenBack { get; init; }

    /// <summary>UPDATE does not ask its condition again of a row that changed before its lock was granted.</summary>
    public bool IsRecheckOff { get; init; }

    /// <summary>SERIALIZABLE transactions do not hear of changes in the ranges that they read.</summary>
    public bool IsRangeWatchOff { get; init; }
}
