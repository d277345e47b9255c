using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Log;

/// <summary>What verifying a data directory's log found.</summary>
internal sealed class LogVerification
{
    /// <summary>Databases in the manifest.</summary>
    public int DatabaseCount { get; set; }

    /// <summary>Journal segments read.</summary>
    public int SegmentCount { get; set; }

    /// <summary>Journal frames read.</summary>
    public long FrameCount { get; set; }

    /// <summary>History files read.</summary>
    public int HistoryFileCount { get; set; }

    /// <summary>Different entries of the databases in the manifest.</summary>
    public long EntryCount { get; set; }

    /// <summary>Signatures verified.</summary>
    public long SignatureCount { get; set; }

    /// <summary>The first damage found, which names file and offset; null when all is sound.</summary>
    public CorruptionException? Damage { get; set; }

    /// <summary>True when no damage was found.</summary>
    public bool IsSound => Damage is null;
}
