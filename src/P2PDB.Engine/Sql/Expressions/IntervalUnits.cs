using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Expressions;

/// <summary>Reads the units of INTERVAL, EXTRACT and TIMESTAMPADD.</summary>
internal static class IntervalUnits
{
    /// <summary>Takes a unit where one stands here.</summary>
    public static bool TryTake(ref TokenCursor cursor, out IntervalUnit unit)
    {
        IntervalUnit? found = cursor.Current.Keyword switch
        {
            Keyword.MICROSECOND or Keyword.FRAC_SECOND or Keyword.SQL_TSI_MICROSECOND => IntervalUnit.Microsecond,
            Keyword.SECOND or Keyword.SQL_TSI_SECOND => IntervalUnit.Second,
            Keyword.MINUTE or Keyword.SQL_TSI_MINUTE => IntervalUnit.Minute,
            Keyword.HOUR or Keyword.SQL_TSI_HOUR => IntervalUnit.Hour,
            Keyword.DAY or Keyword.SQL_TSI_DAY => IntervalUnit.Day,
            Keyword.WEEK or Keyword.SQL_TSI_WEEK => IntervalUnit.Week,
            Keyword.MONTH or Keyword.SQL_TSI_MONTH => IntervalUnit.Month,
            Keyword.QUARTER or Keyword.SQL_TSI_QUARTER => IntervalUnit.Quarter,
            Keyword.YEAR or Keyword.SQL_TSI_YEAR => IntervalUnit.Year,
            Keyword.SECOND_MICROSECOND => IntervalUnit.SecondMicrosecond,
            Keyword.MINUTE_MICROSECOND => IntervalUnit.MinuteMicrosecond,
            Keyword.MINUTE_SECOND => IntervalUnit.MinuteSecond,
            Keyword.HOUR_MICROSECOND => IntervalUnit.HourMicrosecond,
            Keyword.HOUR_SECOND => IntervalUnit.HourSecond,
            Keyword.HOUR_MINUTE => IntervalUnit.HourMinute,
            Keyword.DAY_MICROSECOND => IntervalUnit.DayMicrosecond,
            Keyword.DAY_SECOND => IntervalUnit.DaySecond,
            Keyword.DAY_MINUTE => IntervalUnit.DayMinute,
            Keyword.DAY_HOUR => IntervalUnit.DayHour,
            Keyword.YEAR_MONTH => IntervalUnit.YearMonth,
            _ => null,
        };
        unit = found ?? default;
        if (found is not null)
            cursor.Advance();
        return found is not null;
    }

    /// <summary>Takes a unit or fails with 1064.</summary>
    public static IntervalUnit Take(ref TokenCursor cursor) => TryTake(ref cursor, out IntervalUnit unit) ? unit : throw cursor.Fail();
}
