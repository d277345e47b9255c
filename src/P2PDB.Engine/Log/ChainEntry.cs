using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>What is known of one held entry without its bytes.</summary>
internal struct ChainEntry
{
    /// <summary>The entry's id.</summary>
    public required EntryId Id { get; init; }

    /// <summary>The entry's time.</summary>
    public required HlcTimestamp Hlc { get; init; }

    /// <summary>Where its bytes lie.</summary>
    public required EntryPlace Place { get; set; }

    /// <summary>The header's flags.</summary>
    public required EntryFlags Flags { get; init; }

    /// <summary>What its causal past makes of it; a schema may still make it void.</summary>
    public required EntryStanding Standing { get; init; }

    /// <summary>True when its own signature was verified, not only a later one's.</summary>
    public required bool IsSignatureVerified { get; set; }
}
