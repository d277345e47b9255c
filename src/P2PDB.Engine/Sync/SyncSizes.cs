namespace P2PDB.Engine.Sync;

/// <summary>How much goes into one frame. The simulator lowers it, so that a few entries already take many frames.</summary>
internal sealed record SyncSizes
{
    /// <summary>What nodes use.</summary>
    public static SyncSizes Usual { get; } = new();

    /// <summary>Bytes of entries that share a frame.</summary>
    public int EntriesLengthTarget { get; init; } = SyncLimits.EntriesLengthTarget;

    /// <summary>Bytes of new entries that are sent at once; past it only the heads are.</summary>
    public int PushLengthMax { get; init; } = SyncLimits.PushLengthMax;

    /// <summary>Items of one VECTOR, or ranges of one WANT.</summary>
    public int ItemCountMax { get; init; } = SyncLimits.ItemCountMax;
}
