namespace P2PDB.Engine;

/// <summary>What form a parameter's value has.</summary>
public enum ParameterKind : byte
{
    /// <summary>NULL, of no type.</summary>
    Null,

    /// <summary>A signed 64-bit integer.</summary>
    SignedInteger,

    /// <summary>An unsigned 64-bit integer.</summary>
    UnsignedInteger,

    /// <summary>A double; a client's FLOAT is widened.</summary>
    FloatingPoint,

    /// <summary>A decimal in ASCII text.</summary>
    ExactNumber,

    /// <summary>Text in UTF-8, not checked yet.</summary>
    Text,

    /// <summary>A byte string.</summary>
    Binary,

    /// <summary>A date in packed form (Types.TemporalValue).</summary>
    Date,

    /// <summary>A date and time of day in packed form (Types.TemporalValue).</summary>
    DateTime,

    /// <summary>A signed span of time in microseconds.</summary>
    Time,
}
