namespace P2PDB.Engine;

/// <summary>What <see cref="Database.Verify"/> read, and the first thing that is wrong.</summary>
/// <param name="DatabaseCount">Databases of the node.</param>
/// <param name="SegmentCount">Journal segments read.</param>
/// <param name="FrameCount">Journal frames read.</param>
/// <param name="HistoryFileCount">History files read.</param>
/// <param name="EntryCount">Entries whose hashes and links were checked.</param>
/// <param name="SignatureCount">Signatures verified.</param>
/// <param name="Damage">File, offset and kind of the first damage; null when all is sound.</param>
public sealed record VerifyReport(
    int DatabaseCount, int SegmentCount, long FrameCount, int HistoryFileCount, long EntryCount, long SignatureCount, string? Damage);
