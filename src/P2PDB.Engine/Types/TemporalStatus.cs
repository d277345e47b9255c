namespace P2PDB.Engine.Types;

/// <summary>What reading a temporal gave.</summary>
public enum TemporalStatus : byte
{
    /// <summary>A value, nothing left over.</summary>
    Parsed,

    /// <summary>A value, followed by text that was ignored: a warning.</summary>
    Truncated,

    /// <summary>A TIME beyond its range, cut to the limit: a warning.</summary>
    OutOfRange,

    /// <summary>No value.</summary>
    Invalid,
}
