namespace P2PDB.Engine.Commit;

/// <summary>What became of a commit.</summary>
internal enum CommitStatus : byte
{
    /// <summary>Not decided yet.</summary>
    Pending,

    /// <summary>Committed; durable as the flush mode says.</summary>
    Committed,

    /// <summary>The request's own check refused it.</summary>
    Refused,

    /// <summary>No such database here, or no longer.</summary>
    DatabaseUnknown,

    /// <summary>The local name is taken.</summary>
    NameTaken,

    /// <summary>This node was not let in to write, or not yet.</summary>
    NotAdmitted,

    /// <summary>The clock is more than five minutes behind the newest entry: a commit now would only be delayed by everyone.</summary>
    ClockBehind,

    /// <summary>No room on the disk: nothing changed; reads go on.</summary>
    DiskFull,

    /// <summary>An operation is longer than any transaction may be, or names too many tables.</summary>
    TooLarge,

    /// <summary>
    /// The group's entry is in the log, but its operations do not fit what they are about: on no node do they have an effect.
    /// </summary>
    Void,

    /// <summary>The commit loop has stopped after a failed write or sync: only a new start tells what is durable.</summary>
    Stopped,
}
