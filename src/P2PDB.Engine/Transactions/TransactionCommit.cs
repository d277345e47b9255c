using P2PDB.Engine.Commit;

namespace P2PDB.Engine.Transactions;

/// <summary>A transaction's wish to commit, refused where a peer's entry changed a row that the transaction had locked.</summary>
internal sealed class TransactionCommit(LockOwner owner) : CommitRequest
{
    /// <summary>True for a transaction that must know of every commit before it.</summary>
    public bool LeadsGroup { get; set; }

    /// <inheritdoc/>
    internal override bool MustLeadGroup => LeadsGroup;

    /// <inheritdoc/>
    protected internal override bool MayCommit() => !owner.IsDoomed;
}
