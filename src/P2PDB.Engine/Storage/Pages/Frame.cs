namespace P2PDB.Engine.Storage.Pages;

/// <summary>What the cache knows about one frame of memory. Fields change as <see cref="PageCache"/> says.</summary>
internal struct Frame
{
    /// <summary>Holders; <see cref="Claimed"/> while the frame is being filled, evicted, or free.</summary>
    public int Pins;

    /// <summary>The frame with the version before this one; -1 when nobody needs it.</summary>
    public int Older;

    /// <summary>Page number.</summary>
    public long Page;

    /// <summary>Commit number from which this version counts; <see cref="Pending"/> until it is published; 0 for all readers.</summary>
    public long Commit;

    /// <summary>Commit number of the version after this one; <see cref="Pending"/> for the newest.</summary>
    public long Superseded;

    /// <summary>Commit number since which the page's number is in use; 0 where that is not known: long since.</summary>
    public long Since;

    /// <summary>True where the page file does not have this version.</summary>
    public bool IsDirty;

    /// <summary>True when it was used since the clock last came by.</summary>
    public bool IsUsed;

    /// <summary>Pins of a frame that nobody may take.</summary>
    public const int Claimed = int.MinValue / 2;

    /// <summary>The commit number of what is not published.</summary>
    public const long Pending = long.MaxValue;
}
