namespace P2PDB.Engine.Types;

/// <summary>Which dates a reader of temporals takes.</summary>
[Flags]
public enum TemporalRules : byte
{
    /// <summary>Only days of the calendar.</summary>
    None = 0,

    /// <summary>A month or day of zero is taken.</summary>
    AllowZeroInDate = 1,

    /// <summary>0000-00-00 is taken.</summary>
    AllowZeroDate = 2,

    /// <summary>Days up to 31 are taken in every month.</summary>
    AllowInvalidDates = 4,

    /// <summary>Both kinds of zeros: what functions that take dates apart accept.</summary>
    Fuzzy = AllowZeroInDate | AllowZeroDate,
}
