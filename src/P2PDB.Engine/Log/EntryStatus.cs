namespace P2PDB.Engine.Log;

/// <summary>What reading or verifying an entry found.</summary>
internal enum EntryStatus : byte
{
    /// <summary>All that was checked holds.</summary>
    Valid,

    /// <summary>Fewer bytes than the header or its length field ask for.</summary>
    Incomplete,

    /// <summary>The bytes do not start as an entry does.</summary>
    MagicWrong,

    /// <summary>An entry of a version that this node does not know.</summary>
    VersionUnknown,

    /// <summary>The header breaks its own rules.</summary>
    HeaderMalformed,

    /// <summary>Longer than an entry may be.</summary>
    TooLong,

    /// <summary>The body is not the one the header names.</summary>
    BodyRootWrong,

    /// <summary>The entry names another predecessor than the one its author wrote.</summary>
    PreviousWrong,

    /// <summary>The entry's root over its author's earlier entries is not theirs.</summary>
    HistoryRootWrong,

    /// <summary>The entry is not later than one it builds on.</summary>
    TimeNotAfterParents,

    /// <summary>The entry belongs to another database.</summary>
    DatabaseWrong,

    /// <summary>The signature does not verify.</summary>
    SignatureInvalid,

    /// <summary>The body is the right one but does not decode: the entry stays in its chain without effect.</summary>
    BodyMalformed,

    /// <summary>The body has an operation this version does not know: the database waits for a newer one.</summary>
    OperationUnknown,
}
