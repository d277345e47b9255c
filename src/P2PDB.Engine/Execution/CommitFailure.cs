using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>The errors of commits.</summary>
internal static class CommitFailure
{
    /// <summary>The error of an outcome, or null where it is none.</summary>
    public static SqlError? ErrorOf(CommitOutcome outcome) => outcome switch
    {
        CommitOutcome.Committed => null,
        CommitOutcome.Refused => SqlErrors.LockDeadlock(),
        CommitOutcome.DatabaseUnknown => SqlErrors.UnknownDatabase("?"),
        CommitOutcome.NotAdmitted => SqlErrors.OptionPreventsStatement("membership of this database, which this node does not have yet"),
        CommitOutcome.ClockBehind => new SqlError(1105, "HY000", "This node's clock is more than five minutes behind its log"),
        CommitOutcome.DiskFull => SqlErrors.DiskFull("journal", 28, "No space left on device"),
        CommitOutcome.TooLarge => SqlErrors.TransactionTooLarge(),
        CommitOutcome.Void => SqlErrors.UnknownError("What the statement wrote cannot be applied and has no effect"),
        _ => SqlErrors.ServerShutdown(),
    };
}
