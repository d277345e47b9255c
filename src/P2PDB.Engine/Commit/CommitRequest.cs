using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>One transaction's wish to commit: a change set for each database it touched. Reusable by its session.</summary>
internal class CommitRequest : CommitWork
{
    /// <summary>Bytes of changes at most: the journal takes a commit as one record, in one piece of memory.</summary>
    public const long LengthMax = 1792L << 20;

    /// <summary>What to commit; a transaction over several databases is atomic on this node.</summary>
    public List<ChangeSet> Changes { get; } = [];

    /// <summary>What became of it.</summary>
    public CommitStatus Status { get; internal set; }

    /// <summary>The commit number at which the changes are visible.</summary>
    public long CommitNumber { get; internal set; }

    /// <summary>While this request leads: those committed together, itself first.</summary>
    internal List<CommitRequest> Group { get; } = [];

    /// <summary>Bytes of all changes.</summary>
    internal long Length
    {
        get
        {
            long length = 0;
            foreach (ChangeSet changes in Changes)
                length += changes.Length;
            return length;
        }
    }

    /// <inheritdoc/>
    public override bool IsLocalCommit => true;

    /// <summary>
    /// The last word before the transaction gets its place in the log, on the committing thread: false refuses it, for example
    /// because a peer's entry has taken away what it locked.
    /// </summary>
    protected internal virtual bool MayCommit() => true;

    /// <summary>
    /// True where <see cref="MayCommit"/> must know of all commits that come before this one: no other goes before it in its group.
    /// </summary>
    internal virtual bool MustLeadGroup => false;

    /// <inheritdoc/>
    internal override void Stop() => Status = CommitStatus.Stopped;
}
