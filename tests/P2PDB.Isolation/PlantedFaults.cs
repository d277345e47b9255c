using P2PDB.Engine.Transactions;

namespace P2PDB.Isolation;

/// <summary>The bugs that a run can plant, by name.</summary>
internal static class PlantedFaults
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, TransactionFaults> All { get; } = new Dictionary<string, TransactionFaults>
    {
        ["snapshot-renewed"] = new() { IsSnapshotRenewed = true },
        ["snapshot-under-lock"] = new() { ReadsSnapshotUnderLock = true },
        ["locks-end-early"] = new() { EndsLocksWithStatement = true },
        ["rollback-to-keeps"] = new() { KeepsWhatIsTakenBack = true },
        ["recheck-off"] = new() { IsRecheckOff = true },
        ["range-watch-off"] = new() { IsRangeWatchOff = true },
    };
}
