namespace P2PDB.Engine.Log;

/// <summary>What became of an entry that was offered to a database's log.</summary>
internal enum AppendStatus : byte
{
    /// <summary>Held from now on.</summary>
    Appended,

    /// <summary>Held already.</summary>
    AlreadyKnown,

    /// <summary>Waits for entries that it builds on; ask the peer for them.</summary>
    ParentMissing,

    /// <summary>More than five minutes ahead of this node's clock; waits.</summary>
    Delayed,

    /// <summary>Its author was not let in and nobody who was reaches it; waits.</summary>
    AuthorUnknown,

    /// <summary>It would have to wait, and no more may; ask again later.</summary>
    NoRoom,

    /// <summary>Needs a newer version of this program.</summary>
    VersionUnknown,

    /// <summary>Of another database.</summary>
    DatabaseWrong,

    /// <summary>Breaks the format or the links: dropped; the sender erred or lies.</summary>
    Malformed,

    /// <summary>Nothing proves that the author wrote it: dropped.</summary>
    SignatureInvalid,
}
