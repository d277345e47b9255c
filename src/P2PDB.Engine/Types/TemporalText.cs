// Temporal literals as MySQL reads them. With delimiters: parts of a date divided by any punctuation, a blank or T, parts
// of a time divided by colons, a fraction, and an offset (+02:00, Z). Compact: a run of 6 or 12 digits has a two-digit
// year, of 8 or 14 a four-digit one. Two-digit years 70..99 are of the 20th century, 00..69 of the 21st.
namespace P2PDB.Engine.Types;

/// <summary>Reads and writes dates and times as text.</summary>
public static class TemporalText
{
    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>The reader's flags that a sql_mode stands for, where a value is stored or cast.</summary>
    public static TemporalRules FlagsOf(SqlMode mode) =>
        ((mode & SqlMode.NoZeroInDate) == 0 ? TemporalRules.AllowZeroInDate : 0)
        | ((mode & SqlMode.NoZeroDate) == 0 ? TemporalRules.AllowZeroDate : 0)
        | ((mode & SqlMode.AllowInvalidDates) != 0 ? TemporalRules.AllowInvalidDates : 0);

    /// <summary>
    /// Reads a date or datetime with up to 6 fraction digits, the 7th rounding. An offset turns the value into the
    /// session's time zone.
    /// </summary>
    public static TemporalStatus ParseDateTime(ReadOnlySpan<byte> text, TemporalRules flags, SessionTimeZone zone,
        out TemporalValue value) => ParseDateTime(text, flags, zone, out value, out _);

    /// <summary>Reads a date or datetime and tells whether a time of day was written.</summary>
    public static TemporalStatus ParseDateTime(ReadOnlySpan<byte> text, TemporalRules flags, SessionTimeZone zone,
        out TemporalValue value, out bool hasTime)
    {
        ArgumentNullException.ThrowIfNull(zone);
        value = default;
        hasTime = false;
        var scan = new TemporalScanner(text.Trim((byte)' '));
        Span<int> parts = stackalloc int[7];
        parts.Clear();
        int run = scan.CountDigits();
        if (run == 0)
            return TemporalStatus.Invalid;
        bool isCompact = run > 4;
        int count;
        if (isCompact)
        {
            if (!ReadCompact(ref scan, run, parts, out count))
                return TemporalStatus.Invalid;
        }
        else if (!ReadDelimited(ref scan, parts, out count))
        {
            return TemporalStatus.Invalid;
        }

        hasTime = count > 3;
        int roundUp = hasTime ? scan.ReadFraction(out parts[6]) : 0;
        bool hasOffset = hasTime & scan.TryReadOffset(out long offset);
        TemporalStatus status = scan.IsAtEnd ? TemporalStatus.Parsed : TemporalStatus.Truncated;
        if (!IsDate(parts[0], parts[1], parts[2], flags) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
            return TemporalStatus.Invalid;
        value = new TemporalValue(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
        if (value.Date.IsZero && value.TimeOfDay != 0 && (flags & TemporalRules.AllowZeroDate) == 0)
            return TemporalStatus.Invalid;
        if (roundUp != 0 && !TryAddMicroseconds(value, roundUp, out value))
            return TemporalStatus.Invalid;
        if (hasOffset)
            value = zone.ToLocal(value.UnixMicroseconds - offset);
        return status;
    }

    /// <summary>Reads a TIME: [-][days ]hours:minutes[:seconds[.fraction]], compact, or the time of a datetime.</summary>
    public static TemporalStatus ParseTime(ReadOnlySpan<byte> text, SessionTimeZone zone, out long microseconds)
    {
        microseconds = 0;
        ReadOnlySpan<byte> trimmed = text.Trim((byte)' ');
        bool isNegative = trimmed.Length > 0 && trimmed[0] == '-';
        if (isNegative)
            trimmed = trimmed[1..];
        if (trimmed.Length >= 12 && !isNegative)
        {
            TemporalStatus full = ParseDateTime(trimmed, TemporalRules.Fuzzy, zone, out TemporalValue dateTime, out bool hasTime);
            if (full != TemporalStatus.Invalid && hasTime)
            {
                microseconds = dateTime.TimeOfDay;
                return full;
            }
        }

        var scan = new TemporalScanner(trimmed);
        if (!scan.TryReadNumber(out long first))
            return scan.Peek() == '.' ? ReadBareFraction(ref scan, isNegative, out microseconds) : TemporalStatus.Invalid;
        long hours, minutes = 0, seconds = 0, days = 0;
        if (scan.Peek() == ' ' && scan.SkipBlanks() && char.IsAsciiDigit((char)scan.Peek()))
        {
            days = first;
            scan.TryReadNumber(out hours);
            if (scan.TryTake((byte)':'))
                ReadMinutesAndSeconds(ref scan, out minutes, out seconds);
        }
        else if (scan.Peek() == ':')
        {
            scan.TryTake((byte)':');
            hours = first;
            ReadMinutesAndSeconds(ref scan, out minutes, out seconds);
        }
        else
        {
            hours = first / 10_000;
            minutes = first / 100 % 100;
            seconds = first % 100;
        }

        int roundUp = scan.ReadFraction(out int fraction);
        if (minutes > 59 || seconds > 59)
            return TemporalStatus.Invalid;
        hours += Math.Min(days, 1_000_000) * 24;
        long total = hours > 838
            ? TemporalValue.TimeMax + 1
            : (((((hours * 60) + minutes) * 60) + seconds) * MicrosecondsPerSecond) + fraction + roundUp;
        TemporalStatus status = scan.IsAtEnd ? TemporalStatus.Parsed : TemporalStatus.Truncated;
        if (total > TemporalValue.TimeMax)
        {
            total = TemporalValue.TimeMax;
            status = TemporalStatus.OutOfRange;
        }

        microseconds = isNegative ? -total : total;
        return status;
    }

    /// <summary>Reads a number as a date or datetime: YYMMDD, YYYYMMDD, YYMMDDhhmmss or YYYYMMDDhhmmss.</summary>
    public static TemporalStatus FromNumber(long number, TemporalRules flags, out TemporalValue value)
    {
        value = default;
        if (number == 0)
            return (flags & TemporalRules.AllowZeroDate) != 0 ? TemporalStatus.Parsed : TemporalStatus.Invalid;
        if (number < 0)
            return TemporalStatus.Invalid;
        if (number < 10_000_101)
        {
            if (number < 101 || number > 991_231)
                return TemporalStatus.Invalid;
            number = (number <= 691_231 ? number + 20_000_000 : number + 19_000_000) * 1_000_000;
        }
        else if (number <= 99_991_231)
        {
            number *= 1_000_000;
        }
        else if (number < 101_000_000)
        {
            return TemporalStatus.Invalid;
        }
        else if (number <= 991_231_235_959)
        {
            number += number <= 691_231_235_959 ? 20_000_000_000_000 : 19_000_000_000_000;
        }

        long date = number / 1_000_000, time = number % 1_000_000;
        long year = date / 10_000;
        int month = (int)(date / 100 % 100), day = (int)(date % 100);
        int hour = (int)(time / 10_000), minute = (int)(time / 100 % 100), second = (int)(time % 100);
        if (year > 9999 || !IsDate((int)year, month, day, flags) || hour > 23 || minute > 59 || second > 59)
            return TemporalStatus.Invalid;
        value = new TemporalValue((int)year, month, day, hour, minute, second);
        return TemporalStatus.Parsed;
    }

    /// <summary>Reads a number as a TIME: hhmmss, or the time of a datetime number.</summary>
    public static TemporalStatus TimeFromNumber(long number, out long microseconds)
    {
        microseconds = 0;
        if (number > 9_999_999)
        {
            if (number >= 10_000_000_000 && FromNumber(number, TemporalRules.Fuzzy, out TemporalValue full) == TemporalStatus.Parsed)
            {
                microseconds = full.TimeOfDay;
                return TemporalStatus.Parsed;
            }

            microseconds = TemporalValue.TimeMax;
            return TemporalStatus.OutOfRange;
        }

        long magnitude = Math.Abs(Math.Max(number, -long.MaxValue));
        if (magnitude > 8_385_959)
        {
            microseconds = number < 0 ? -TemporalValue.TimeMax : TemporalValue.TimeMax;
            return TemporalStatus.OutOfRange;
        }

        if (magnitude % 100 > 59 || magnitude / 100 % 100 > 59)
            return TemporalStatus.Invalid;
        long total = (((magnitude / 10_000 * 60) + (magnitude / 100 % 100)) * 60) + (magnitude % 100);
        microseconds = total * MicrosecondsPerSecond * (number < 0 ? -1 : 1);
        return TemporalStatus.Parsed;
    }

    /// <summary>True when the parts are a date that the flags take.</summary>
    public static bool IsDate(int year, int month, int day, TemporalRules flags)
    {
        if (month > 12 || day > 31 || year > 9999)
            return false;
        if (month == 0 || day == 0)
        {
            return year == 0 && month == 0 && day == 0
                ? (flags & TemporalRules.AllowZeroDate) != 0
                : (flags & TemporalRules.AllowZeroInDate) != 0;
        }

        return day <= TemporalValue.DaysInMonth(year, month) || (flags & TemporalRules.AllowInvalidDates) != 0;
    }

    /// <summary>Adds microseconds; false outside 0000 … 9999. A date with zero parts cannot be added to.</summary>
    public static bool TryAddMicroseconds(TemporalValue value, long microseconds, out TemporalValue sum)
    {
        sum = default;
        if (value.HasZeroPart)
            return false;
        long time = value.TimeOfDay + microseconds;
        long days = Math.DivRem(time, TemporalValue.DayMicroseconds, out time);
        if (time < 0)
        {
            time += TemporalValue.DayMicroseconds;
            days--;
        }

        long number = value.DayNumber + days;
        if (days == 0)
        {
            sum = value.WithTimeOfDay(time);
            return true;
        }

        if (number < 1 || number > TemporalValue.DayMax)
            return false;
        sum = TemporalValue.FromDayNumber(number).WithTimeOfDay(time);
        return true;
    }

    /// <summary>Rounds to fraction digits, half up; false when the year 9999 is left.</summary>
    public static bool TryRound(TemporalValue value, int digits, out TemporalValue rounded)
    {
        int unit = PowerOfTen(6 - digits);
        int rest = value.Microsecond % unit;
        rounded = new TemporalValue(value.Packed - rest);
        return rest * 2 < unit || TryAddMicroseconds(rounded, unit, out rounded);
    }

    /// <summary>Rounds a TIME to fraction digits, half away from zero, within its range.</summary>
    public static long RoundTime(long microseconds, int digits)
    {
        long unit = PowerOfTen(6 - digits);
        long magnitude = (Math.Abs(microseconds) + (unit / 2)) / unit * unit;
        magnitude = Math.Min(magnitude, TemporalValue.TimeMax);
        return microseconds < 0 ? -magnitude : magnitude;
    }

    /// <summary>Writes YYYY-MM-DD; returns 10.</summary>
    public static int FormatDate(TemporalValue value, Span<byte> target)
    {
        WriteDigits(target, value.Year, 4);
        target[4] = (byte)'-';
        WriteDigits(target[5..], value.Month, 2);
        target[7] = (byte)'-';
        WriteDigits(target[8..], value.Day, 2);
        return 10;
    }

    /// <summary>Writes YYYY-MM-DD hh:mm:ss[.fraction]; at most 26 bytes.</summary>
    public static int FormatDateTime(TemporalValue value, int digits, Span<byte> target)
    {
        FormatDate(value, target);
        target[10] = (byte)' ';
        WriteDigits(target[11..], value.Hour, 2);
        target[13] = (byte)':';
        WriteDigits(target[14..], value.Minute, 2);
        target[16] = (byte)':';
        WriteDigits(target[17..], value.Second, 2);
        return 19 + WriteFraction(target[19..], value.Microsecond, digits);
    }

    /// <summary>Writes [-]hh[h]:mm:ss[.fraction]; at most 17 bytes.</summary>
    public static int FormatTime(long microseconds, int digits, Span<byte> target)
    {
        int length = 0;
        if (microseconds < 0)
        {
            target[length++] = (byte)'-';
            microseconds = -microseconds;
        }

        long seconds = microseconds / MicrosecondsPerSecond;
        int hours = (int)(seconds / 3600);
        int hourDigits = hours > 99 ? 3 : 2;
        WriteDigits(target[length..], hours, hourDigits);
        length += hourDigits;
        target[length++] = (byte)':';
        WriteDigits(target[length..], (int)(seconds / 60 % 60), 2);
        length += 2;
        target[length++] = (byte)':';
        WriteDigits(target[length..], (int)(seconds % 60), 2);
        length += 2;
        return length + WriteFraction(target[length..], (int)(microseconds % MicrosecondsPerSecond), digits);
    }

    /// <summary>10 to a small power.</summary>
    internal static int PowerOfTen(int exponent) => exponent switch
    {
        0 => 1,
        1 => 10,
        2 => 100,
        3 => 1000,
        4 => 10_000,
        5 => 100_000,
        _ => 1_000_000,
    };

    internal static void WriteDigits(Span<byte> target, int value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static int WriteFraction(Span<byte> target, int microsecond, int digits)
    {
        if (digits == 0)
            return 0;
        target[0] = (byte)'.';
        WriteDigits(target[1..], microsecond / PowerOfTen(6 - digits), digits);
        return digits + 1;
    }

    private static bool ReadCompact(ref TemporalScanner scan, int run, scoped Span<int> parts, out int count)
    {
        int yearDigits = run is 8 or >= 14 ? 4 : 2;
        count = 0;
        int left = Math.Min(run, 14);
        for (int i = 0; i < 6 && left > 0; i++)
        {
            int digits = Math.Min(left, i == 0 ? yearDigits : 2);
            parts[i] = scan.ReadDigits(digits);
            left -= digits;
            count++;
        }

        if (yearDigits == 2)
            parts[0] += parts[0] < 70 ? 2000 : 1900;

        // "20200102T0304" goes on after the date.
        if (count == 3 && scan.TryTakeTimeMark())
        {
            for (int i = 3; i < 6 && char.IsAsciiDigit((char)scan.Peek()); i++)
            {
                parts[i] = scan.ReadDigits(2);
                scan.TryTake((byte)':');
                count++;
            }
        }

        return count >= 3;
    }

    private static bool ReadDelimited(ref TemporalScanner scan, scoped Span<int> parts, out int count)
    {
        count = 0;
        int yearDigits = scan.CountDigits();
        for (int i = 0; i < 6; i++)
        {
            int run = scan.CountDigits();
            if (run == 0)
                break;
            parts[i] = scan.ReadDigits(Math.Min(run, i == 0 ? 4 : 2));
            count++;
            bool goesOn = i switch
            {
                2 => scan.TryTakeTimeMark(),
                5 => false,
                < 2 => scan.TryTakePunctuation(),
                _ => scan.TryTakeTimePunctuation(),
            };
            if (!goesOn)
                break;
        }

        if (yearDigits <= 2)
            parts[0] += parts[0] < 70 ? 2000 : 1900;
        if (yearDigits == 2 && count >= 3 && parts[0] == 2000 && parts[1] == 0 && parts[2] == 0)
            parts[0] = 0;
        return count >= 3;
    }

    private static void ReadMinutesAndSeconds(ref TemporalScanner scan, out long minutes, out long seconds)
    {
        seconds = 0;
        if (scan.TryReadNumber(out minutes) && scan.TryTake((byte)':'))
            scan.TryReadNumber(out seconds);
    }

    private static TemporalStatus ReadBareFraction(ref TemporalScanner scan, bool isNegative, out long microseconds)
    {
        int roundUp = scan.ReadFraction(out int fraction);
        microseconds = (isNegative ? -1 : 1) * (fraction + roundUp);
        return scan.IsAtEnd ? TemporalStatus.Parsed : TemporalStatus.Truncated;
    }
}
