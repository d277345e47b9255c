namespace P2PDB.Engine;

/// <summary>How a scan runs between its keys.</summary>
[Flags]
public enum ScanOptions
{
    /// <summary>Upwards, rows with the given keys among them.</summary>
    None = 0,

    /// <summary>Without rows of the lower key: to go on behind a row.</summary>
    ExcludeFrom = 1,

    /// <summary>Without rows of the upper key.</summary>
    ExcludeTo = 2,

    /// <summary>From the upper key down to the lower one.</summary>
    Descending = 4,
}
