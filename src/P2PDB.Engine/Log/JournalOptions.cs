namespace P2PDB.Engine.Log;

/// <summary>Sizes of the journal.</summary>
internal sealed record JournalOptions
{
    /// <summary>Bytes of a segment file. Larger ones are recycled more rarely, and take longer to fill when they are new.</summary>
    public int SegmentLength { get; init; } = 32 * 1024 * 1024;

    /// <summary>Segments kept for reuse; more are deleted.</summary>
    public int SpareCountMax { get; init; } = 2;
}
