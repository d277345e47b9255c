namespace P2PDB.Engine.Types;

/// <summary>The units of INTERVAL, EXTRACT, TIMESTAMPADD and TIMESTAMPDIFF.</summary>
public enum IntervalUnit : byte
{
    /// <summary>MICROSECOND.</summary>
    Microsecond,

    /// <summary>SECOND.</summary>
    Second,

    /// <summary>MINUTE.</summary>
    Minute,

    /// <summary>HOUR.</summary>
    Hour,

    /// <summary>DAY.</summary>
    Day,

    /// <summary>WEEK.</summary>
    Week,

    /// <summary>MONTH.</summary>
    Month,

    /// <summary>QUARTER.</summary>
    Quarter,

    /// <summary>YEAR.</summary>
    Year,

    /// <summary>SECOND_MICROSECOND.</summary>
    SecondMicrosecond,

    /// <summary>MINUTE_MICROSECOND.</summary>
    MinuteMicrosecond,

    /// <summary>MINUTE_SECOND.</summary>
    MinuteSecond,

    /// <summary>HOUR_MICROSECOND.</summary>
    HourMicrosecond,

    /// <summary>HOUR_SECOND.</summary>
    HourSecond,

    /// <summary>HOUR_MINUTE.</summary>
    HourMinute,

    /// <summary>DAY_MICROSECOND.</summary>
    DayMicrosecond,

    /// <summary>DAY_SECOND.</summary>
    DaySecond,

    /// <summary>DAY_MINUTE.</summary>
    DayMinute,

    /// <summary>DAY_HOUR.</summary>
    DayHour,

    /// <summary>YEAR_MONTH.</summary>
    YearMonth,
}
