namespace P2PDB.Engine.Types;

/// <summary>What reading a decimal from text gave.</summary>
public enum DecimalParseStatus : byte
{
    /// <summary>A value, exact, or rounded to 30 digits after the point.</summary>
    Parsed,

    /// <summary>No digit at the start: the value is zero.</summary>
    Empty,

    /// <summary>More than 65 digits before the point: the value is the limit of its sign.</summary>
    Overflow,
}
