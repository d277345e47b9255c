namespace P2PDB.Engine.Types;

/// <summary>
/// A date with or without a time of day, packed so that the order of the numbers is the order of time and that dates
/// with zero parts exist: ((year * 13 + month) * 32 + day) * 2^41 + (hour, minute, second: 5, 6, 6 bits) * 2^24 +
/// microsecond. A DATE is a DATETIME at midnight, so both compare as numbers.
/// </summary>
public readonly record struct TemporalValue(long Packed) : IComparable<TemporalValue>
{
    /// <summary>Bits below the day.</summary>
    public const int TimeBits = 41;

    /// <summary>Microseconds of a day.</summary>
    public const long DayMicroseconds = 86_400_000_000;

    /// <summary>The largest TIME, 838:59:59.000000, in microseconds.</summary>
    public const long TimeMax = ((((838L * 60) + 59) * 60) + 59) * 1_000_000;

    /// <summary>Days from 0000-01-01 (day 0 of TO_DAYS is 0000-00-00) to 1970-01-01, as TO_DAYS counts.</summary>
    public const int UnixEpochDay = 719_528;

    /// <summary>The largest date as TO_DAYS counts: 9999-12-31.</summary>
    public const int DayMax = 3_652_424;

    private const int MicrosecondBits = 24;

    /// <summary>Packs the parts; nobody checks them.</summary>
    public TemporalValue(int year, int month, int day, int hour = 0, int minute = 0, int second = 0, int microsecond = 0)
        : this(((((long)year * 13 + month) << 5 | (long)day) << TimeBits)
            | ((((long)hour << 12) | ((long)minute << 6) | (long)second) << MicrosecondBits) | (long)microsecond)
    {
    }

    /// <summary>0000-00-00 00:00:00.</summary>
    public static TemporalValue Zero => default;

    /// <summary>True for the zero date at midnight.</summary>
    public bool IsZero => Packed == 0;

    /// <summary>Year, 0 to 9999.</summary>
    public int Year => (int)(Packed >> (TimeBits + 5)) / 13;

    /// <summary>Month, 0 to 12.</summary>
    public int Month => (int)(Packed >> (TimeBits + 5)) % 13;

    /// <summary>Day of the month, 0 to 31.</summary>
    public int Day => (int)(Packed >> TimeBits) & 31;

    /// <summary>Hour, 0 to 23.</summary>
    public int Hour => (int)(Packed >> (MicrosecondBits + 12)) & 31;

    /// <summary>Minute.</summary>
    public int Minute => (int)(Packed >> (MicrosecondBits + 6)) & 63;

    /// <summary>Second.</summary>
    public int Second => (int)(Packed >> MicrosecondBits) & 63;

    /// <summary>Microsecond of the second.</summary>
    public int Microsecond => (int)Packed & ((1 << MicrosecondBits) - 1);

    /// <summary>True when month or day is zero: such a date has no place in the calendar.</summary>
    public bool HasZeroPart => Month == 0 || Day == 0;

    /// <summary>The same date at midnight.</summary>
    public TemporalValue Date => new(Packed >> TimeBits << TimeBits);

    /// <summary>Microseconds since midnight.</summary>
    public long TimeOfDay => (((((Hour * 60L) + Minute) * 60) + Second) * 1_000_000) + Microsecond;

    /// <summary>Days as TO_DAYS counts them: 0000-01-01 is day 1; zero parts count as MySQL counts them.</summary>
    public int DayNumber => ToDayNumber(Year, Month, Day);

    /// <summary>Microseconds since 1970-01-01 00:00:00, without a time zone.</summary>
    public long UnixMicroseconds => ((DayNumber - UnixEpochDay) * DayMicroseconds) + TimeOfDay;

    /// <summary>TO_DAYS of a date.</summary>
    public static int ToDayNumber(int year, int month, int day)
    {
        if (year == 0 && month == 0)
            return 0;
        int days = (365 * year) + (31 * (month - 1)) + day;
        if (month <= 2)
            year--;
        else
            days -= ((month * 4) + 23) / 10;
        int leap = ((year / 100) + 1) * 3 / 4;
        return days + (year / 4) - leap;
    }

    /// <summary>The date of a day number, which must be 366 (0001-01-01) or more for an exact answer, as in MySQL.</summary>
    public static TemporalValue FromDayNumber(long dayNumber)
    {
        if (dayNumber < 366 || dayNumber > DayMax)
            return default;
        int year = (int)(dayNumber * 100 / 36525);
        int leap = (((year - 1) / 100) + 1) * 3 / 4;
        int dayOfYear = (int)(dayNumber - ((long)year * 365)) - ((year - 1) / 4) + leap;
        int daysInYear = DaysInYear(year);
        while (dayOfYear > daysInYear)
        {
            dayOfYear -= daysInYear;
            year++;
            daysInYear = DaysInYear(year);
        }

        int month = 1;
        while (dayOfYear > DaysInMonth(year, month))
        {
            dayOfYear -= DaysInMonth(year, month);
            month++;
        }

        return new TemporalValue(year, month, dayOfYear);
    }

    /// <summary>The date and time of microseconds since 1970, without a time zone; false outside the years 1 to 9999.</summary>
    public static bool TryFromUnixMicroseconds(long microseconds, out TemporalValue value)
    {
        long day = Math.DivRem(microseconds, DayMicroseconds, out long time);
        if (time < 0)
        {
            time += DayMicroseconds;
            day--;
        }

        value = default;
        day += UnixEpochDay;
        if (day < 366 || day > DayMax)
            return false;
        value = FromDayNumber(day).WithTimeOfDay(time);
        return true;
    }

    /// <summary>Days of a year.</summary>
    public static int DaysInYear(int year) => IsLeapYear(year) ? 366 : 365;

    /// <summary>True for leap years; the year 0 is one in MySQL's calendar only where it divides by 400.</summary>
    public static bool IsLeapYear(int year) => (year & 3) == 0 && (year % 100 != 0 || (year % 400 == 0 && year != 0));

    /// <summary>Days of a month; 0 for month 0.</summary>
    public static int DaysInMonth(int year, int month) => month switch
    {
        2 => IsLeapYear(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        >= 1 and <= 12 => 31,
        _ => 0,
    };

    /// <summary>The same date with a time of day of less than 24 hours.</summary>
    public TemporalValue WithTimeOfDay(long microseconds)
    {
        long seconds = microseconds / 1_000_000;
        return new TemporalValue(Date.Packed | ((((seconds / 3600) << 12) | (seconds / 60 % 60 << 6) | (seconds % 60))
            << MicrosecondBits) | (microseconds % 1_000_000));
    }

    /// <summary>The date as the 4 bytes of a row image: the packed value without its time.</summary>
    public static int ToDate4(long packed) => (int)(packed >> TimeBits);

    /// <summary>The packed value of a row image's 4 bytes.</summary>
    public static long FromDate4(int date4) => (long)date4 << TimeBits;

    /// <summary>True when all parts are in MySQL's ranges (days are not checked against their month).</summary>
    public static bool IsValid(long packed) =>
        packed >= 0 && new TemporalValue(packed) is { Year: <= 9999, Hour: <= 23, Minute: <= 59, Second: <= 59, Microsecond: <= 999_999 };

    /// <inheritdoc/>
    public int CompareTo(TemporalValue other) => Packed.CompareTo(other.Packed);

    /// <summary>Below.</summary>
    public static bool operator <(TemporalValue left, TemporalValue right) => left.Packed < right.Packed;

    /// <summary>Not above.</summary>
    public static bool operator <=(TemporalValue left, TemporalValue right) => left.Packed <= right.Packed;

    /// <summary>Above.</summary>
    public static bool operator >(TemporalValue left, TemporalValue right) => left.Packed > right.Packed;

    /// <summary>Not below.</summary>
    public static bool operator >=(TemporalValue left, TemporalValue right) => left.Packed >= right.Packed;
}
