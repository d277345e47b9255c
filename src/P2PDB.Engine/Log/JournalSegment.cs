namespace P2PDB.Engine.Log;

/// <summary>The header of one journal segment.</summary>
/// <param name="Epoch">Number of this use of the file; grows by one from segment to segment.</param>
/// <param name="BasePosition">Position of the first frame.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="PreviousCheck">Checksum of the frame before the segment.</param>
internal readonly record struct JournalSegment(ulong Epoch, long BasePosition, long Length, uint PreviousCheck)
{
    /// <summary>Path of the segment in its volume.</summary>
    public string Path => PathOf(Epoch);

    /// <summary>Path of the segment of an epoch.</summary>
    public static string PathOf(ulong epoch) => $"{Journal.Directory}/{epoch:x16}.wal";

    /// <summary>Where a position of this segment lies in its file.</summary>
    public long OffsetOf(long position) => JournalFormat.SegmentHeaderLength + (position - BasePosition);
}
