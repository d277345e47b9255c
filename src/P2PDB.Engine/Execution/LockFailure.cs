using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>The errors of waits for locks.</summary>
internal static class LockFailure
{
    /// <summary>Ends the statement unless the lock was granted.</summary>
    public static void Check(LockStatus status)
    {
        if (status != LockStatus.Granted)
            throw ErrorOf(status).ToException();
    }

    private static SqlError ErrorOf(LockStatus status) => status switch
    {
        LockStatus.TimedOut => SqlErrors.LockWaitTimeout(),
        LockStatus.Killed => SqlErrors.QueryInterrupted(),
        _ => SqlErrors.LockDeadlock(),
    };
}
