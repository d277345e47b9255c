namespace P2PDB.Engine.Sync;

/// <summary>The bounds of one peer's sync stream. docs/protocols/sync.md names them.</summary>
internal static class SyncLimits
{
    /// <summary>Longest frame, after its length: one entry of 4 MiB and what goes around it must fit.</summary>
    public const int FrameLengthMax = 5 * 1024 * 1024;

    /// <summary>Entries that share a frame. A larger frame would delay what is written while it is sent.</summary>
    public const int EntriesLengthTarget = 1024 * 1024;

    /// <summary>New entries that are sent at once; past it only the heads are, so that a peer may fetch elsewhere.</summary>
    public const int PushLengthMax = 256 * 1024;

    /// <summary>Items of one VECTOR or ranges of one WANT: about 300 kB.</summary>
    public const int ItemCountMax = 4096;

    /// <summary>Vectors kept of peers and databases for the next time they meet; each is small, and costs only bytes when lost.</summary>
    public const int BaseCountMax = 4096;

    /// <summary>
    /// Bytes of the entries by which a node shows that it belongs to a database: two or three small ones for each step of who invited
    /// whom. A stranger can make us check as many.
    /// </summary>
    public const int EvidenceLengthMax = 256 * 1024;

    /// <summary>Bytes waiting for the network per peer. Past it we produce no more entries: the peer slows only itself.</summary>
    public const int SendQueueLengthMax = 8 * 1024 * 1024;

    /// <summary>Batches of a peer's entries waiting for the commit thread. Past it we stop reading that peer.</summary>
    public const int ApplyQueueCount = 4;

    /// <summary>The longest name a peer may give its software.</summary>
    public const int AgentLengthMax = 64;

    /// <summary>How often each database is offered again: finds what a lost frame left out.</summary>
    public static readonly TimeSpan OfferInterval = TimeSpan.FromSeconds(15);
}
