namespace P2PDB.Engine;

/// <summary>State of a session after a statement, with the bit values of MySQL's server status.</summary>
[Flags]
public enum SessionStatus : ushort
{
    /// <summary>Nothing is set.</summary>
    None = 0,

    /// <summary>A transaction is open.</summary>
    InTransaction = 1,

    /// <summary>Each statement commits by itself.</summary>
    AutoCommit = 1 << 1,

    /// <summary>Another result follows in the same answer.</summary>
    MoreResults = 1 << 3,

    /// <summary>The statement used no good index.</summary>
    NoGoodIndexUsed = 1 << 4,

    /// <summary>The statement used no index.</summary>
    NoIndexUsed = 1 << 5,

    /// <summary>The session's database was dropped.</summary>
    DatabaseDropped = 1 << 8,

    /// <summary>sql_mode has NO_BACKSLASH_ESCAPES.</summary>
    NoBackslashEscapes = 1 << 9,

    /// <summary>The result columns of a prepared statement changed since it was prepared.</summary>
    MetadataChanged = 1 << 10,

    /// <summary>This result set carries OUT parameters.</summary>
    OutParameters = 1 << 12,

    /// <summary>The open transaction is read-only.</summary>
    InReadOnlyTransaction = 1 << 13,
}
