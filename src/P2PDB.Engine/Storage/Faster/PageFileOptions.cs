namespace P2PDB.Engine.Storage.Faster;

/// <summary>Sizes of a page file, all in bytes and powers of two unless they say otherwise; small ones are for tests.</summary>
internal sealed record PageFileOptions
{
    /// <summary>Memory for the newest part of the log. FASTER takes the next smaller power of two.</summary>
    public long Memory { get; init; } = 32L << 20;

    /// <summary>FASTER's log page in a new file: what is written at once and what a compaction reads at once.</summary>
    public int LogPageLength { get; init; } = 1 << 20;

    /// <summary>One file of the log; space is given back in such pieces.</summary>
    public long SegmentLength { get; init; } = 64L << 20;

    /// <summary>
    /// FASTER's hash index in memory when the file is created: 64 bytes hold seven pages. Past that buckets chain, which costs
    /// a cache miss, not a disk read.
    /// </summary>
    public long IndexLength { get; init; } = 4L << 20;

    /// <summary>
    /// Growth of the log after which the index is written anew; any number. Opening reads at most about so much of the log,
    /// and a checkpoint between two snapshots of the index costs nothing for it.
    /// </summary>
    public long IndexInterval { get; init; } = 256L << 20;

    /// <summary>Threads in FASTER at a time; further ones wait. Its epoch table has 128 places for a process.</summary>
    public int SessionCountMax { get; init; } = 32;

    /// <summary>What one call of <see cref="FasterPageFile.Compact"/> takes from the log's old end; whole log pages.</summary>
    public long CompactionLength { get; init; } = 64L << 20;
}
