using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Weeks, months and intervals.</summary>
internal static class Calendar
{
    /// <summary>0 for Monday … 6 for Sunday.</summary>
    public static int Weekday(TemporalValue date) => (date.DayNumber + 5) % 7;

    /// <summary>
    /// WEEK by MySQL's modes 0 … 7, and the year that the week belongs to. Bit 0: weeks begin on Monday, not Sunday;
    /// bit 1: 1 … 53 instead of 0 … 53; bit 2 turns the rule of the first week round: four days of the year, or its first
    /// weekday.
    /// </summary>
    public static int Week(TemporalValue date, int mode, out int year)
    {
        bool mondayFirst = (mode & 1) != 0;
        bool numbersFromOne = (mode & 2) != 0;
        bool needsFirstWeekday = (mode & 4) != 0 == mondayFirst;
        year = date.Year;
        int newYear = TemporalValue.ToDayNumber(year, 1, 1);
        int weekday = WeekdayOf(newYear, mondayFirst);
        if (date.Month == 1 && date.Day <= 7 - weekday && StartsLate(weekday, needsFirstWeekday))
        {
            if (!numbersFromOne)
                return 0;
            year--;
            newYear = TemporalValue.ToDayNumber(year, 1, 1);
            weekday = WeekdayOf(newYear, mondayFirst);
        }

        int firstWeek = StartsLate(weekday, needsFirstWeekday) ? newYear + 7 - weekday : newYear - weekday;
        int passed = date.DayNumber - firstWeek;
        if (numbersFromOne && passed >= 52 * 7
            && !StartsLate((weekday + TemporalValue.DaysInYear(year)) % 7, needsFirstWeekday))
        {
            year++;
            return 1;
        }

        return (passed / 7) + 1;
    }

    /// <summary>Adds months; a day beyond the month becomes its last. False outside 0 … 9999.</summary>
    public static bool TryAddMonths(TemporalValue date, long months, out TemporalValue sum)
    {
        long total = (date.Year * 12L) + date.Month - 1 + months;
        sum = default;
        if (total < 0 || total >= 120_000 || date.Month == 0)
            return false;
        int year = (int)(total / 12), month = (int)(total % 12) + 1;
        int day = Math.Min(date.Day, TemporalValue.DaysInMonth(year, month));
        sum = new TemporalValue(new TemporalValue(year, month, day).Packed | (date.Packed & ((1L << TemporalValue.TimeBits) - 1)));
        return true;
    }

    /// <summary>Whole months from one moment to another, negative backwards.</summary>
    public static long MonthsBetween(TemporalValue from, TemporalValue to)
    {
        bool isBackward = to < from;
        (TemporalValue early, TemporalValue late) = isBackward ? (to, from) : (from, to);
        long months = ((late.Year - early.Year) * 12L) + late.Month - early.Month;
        if (late.Day < early.Day || (late.Day == early.Day && late.TimeOfDay < early.TimeOfDay))
            months--;
        return isBackward ? -months : months;
    }

    /// <summary>Parts of the units that EXTRACT knows, joined as digits.</summary>
    public static long Extract(IntervalUnit unit, TemporalValue date, long hours) => unit switch
    {
        IntervalUnit.Microsecond => date.Microsecond,
        IntervalUnit.Second => date.Second,
        IntervalUnit.Minute => date.Minute,
        IntervalUnit.Hour => hours,
        IntervalUnit.Day => date.Day,
        IntervalUnit.Week => Week(date, 0, out _),
        IntervalUnit.Month => date.Month,
        IntervalUnit.Quarter => (date.Month + 2) / 3,
        IntervalUnit.Year => date.Year,
        IntervalUnit.YearMonth => (date.Year * 100) + date.Month,
        IntervalUnit.DayHour => (date.Day * 100) + hours,
        IntervalUnit.DayMinute => (date.Day * 10_000) + (hours * 100) + date.Minute,
        IntervalUnit.DaySecond => (date.Day * 1_000_000L) + (hours * 10_000) + (date.Minute * 100) + date.Second,
        IntervalUnit.HourMinute => (hours * 100) + date.Minute,
        IntervalUnit.HourSecond => (hours * 10_000) + (date.Minute * 100) + date.Second,
        IntervalUnit.MinuteSecond => (date.Minute * 100) + date.Second,
        IntervalUnit.DayMicrosecond => ((((date.Day * 1_000_000L) + (hours * 10_000) + (date.Minute * 100) + date.Second) * 1_000_000L) + date.Microsecond),
        IntervalUnit.HourMicrosecond => (((hours * 10_000) + (date.Minute * 100) + date.Second) * 1_000_000L) + date.Microsecond,
        IntervalUnit.MinuteMicrosecond => (((date.Minute * 100) + date.Second) * 1_000_000L) + date.Microsecond,
        _ => (date.Second * 1_000_000L) + date.Microsecond,
    };

    // True when the days before the first full week belong to the year before.
    private static bool StartsLate(int weekday, bool needsFirstWeekday) => needsFirstWeekday ? weekday != 0 : weekday >= 4;

    private static int WeekdayOf(int dayNumber, bool mondayFirst) => (dayNumber + (mondayFirst ? 5 : 6)) % 7;
}
