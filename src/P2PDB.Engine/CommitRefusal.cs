using P2PDB.Engine.Commit;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>What a client is told of a commit that did not come about.</summary>
internal static class CommitRefusal
{
    /// <summary>Ends the statement by a <see cref="SqlException"/> unless the commit came about.</summary>
    public static void ThrowIfAny(CommitStatus status)
    {
        if (status == CommitStatus.Committed)
            return;
        throw (status switch
        {
            CommitStatus.NotAdmitted => SqlErrors.OptionPreventsStatement("membership of this database, which this node does not have yet"),
            CommitStatus.DiskFull => SqlErrors.DiskFull("journal", 28, "No space left on device"),
            CommitStatus.Stopped => SqlErrors.ServerShutdown(),
            _ => SqlErrors.UnknownError($"The log refused the operation ({status})"),
        }).ToException();
    }
}
