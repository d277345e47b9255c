namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>The units of INTERVAL, EXTRACT, TIMESTAMPADD and TIMESTAMPDIFF.</summary>
internal enum IntervalUnit : byte
{
    Microsecond, Second, Minute, Hour, Day, Week, Month, Quarter, Year,
    SecondMicrosecond, MinuteMicrosecond, MinuteSecond, HourMicrosecond, HourSecond, HourMinute,
    DayMicrosecond, DaySecond, DayMinute, DayHour, YearMonth,
}
