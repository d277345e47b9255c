using P2PDB.Engine.Commit;

namespace P2PDB.Engine.Transactions;

/// <summary>A transaction's wish to commit, refused where a peer's entry changed a row that the transaction had locked.</summary>
internal sealed class TransactionCommit(LockOwner owner) : CommitRequest
{
    /// <inheritdoc/>
    protected internal override bool MayCommit() => !owner.IsDoomed;
}
