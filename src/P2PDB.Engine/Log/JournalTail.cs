namespace P2PDB.Engine.Log;

/// <summary>What a scan of the journal found.</summary>
internal sealed class JournalTail
{
    /// <summary>The segments, oldest first.</summary>
    public List<JournalSegment> Segments { get; } = [];

    /// <summary>Where the next frame goes.</summary>
    public long Position { get; set; }

    /// <summary>Checksum of the last frame.</summary>
    public uint Check { get; set; }

    /// <summary>Frames read.</summary>
    public long FrameCount { get; set; }

    /// <summary>
    /// True when whole frames lie behind the torn tail: written without a sync, their forerunners lost. They must be wiped
    /// before the place is written again.
    /// </summary>
    public bool HasStrayFrames { get; set; }
}
