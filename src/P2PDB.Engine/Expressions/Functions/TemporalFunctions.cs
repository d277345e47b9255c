using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>The functions that take dates and times apart and put them together.</summary>
internal static class TemporalFunctions
{
    private delegate long DatePart(TemporalValue date);

    public static void Register(Action<string, FunctionDefinition> add)
    {
        AddPart(add, "YEAR", 4, date => date.Year);
        AddPart(add, "MONTH", 2, date => date.Month);
        AddPart(add, "QUARTER", 1, date => (date.Month + 2) / 3);
        AddPart(add, "DAY", 2, date => date.Day);
        AddPart(add, "DAYOFMONTH", 2, date => date.Day);
        AddPart(add, "DAYOFWEEK", 1, date => ((Calendar.Weekday(date) + 1) % 7) + 1, needsCalendar: true);
        AddPart(add, "WEEKDAY", 1, date => Calendar.Weekday(date), needsCalendar: true);
        AddPart(add, "DAYOFYEAR", 3, date => date.DayNumber - TemporalValue.ToDayNumber(date.Year, 1, 1) + 1, needsCalendar: true);
        AddPart(add, "WEEKOFYEAR", 2, date => Calendar.Week(date, 3, out _), needsCalendar: true);
        AddPart(add, "TO_DAYS", 6, date => date.DayNumber, needsCalendar: true);
        AddPart(add, "TO_SECONDS", 12, date => (date.DayNumber * 86_400L) + (date.TimeOfDay / 1_000_000), needsCalendar: true);
        AddTimePart(add, "HOUR", 3, time => Math.Abs(time) / 3_600_000_000);
        AddTimePart(add, "MINUTE", 2, time => Math.Abs(time) / 60_000_000 % 60);
        AddTimePart(add, "SECOND", 2, time => Math.Abs(time) / 1_000_000 % 60);
        AddTimePart(add, "MICROSECOND", 6, time => Math.Abs(time) % 1_000_000);
        AddTimePart(add, "TIME_TO_SEC", 8, time => time / 1_000_000);
        add("WEEK", new(1, 2, arguments => Week("week", arguments, (date, mode) => Calendar.Week(date, mode, out _))));
        add("YEARWEEK", new(1, 2, arguments => Week("yearweek", arguments, YearWeek)));
        add("DAYNAME", Argument.Define(1, arguments => Name("dayname", arguments, date => TemporalFormat.Days[Calendar.Weekday(date)])));
        add("MONTHNAME", Argument.Define(1, arguments => Name("monthname", arguments,
            date => date.Month == 0 ? null : TemporalFormat.Months[date.Month - 1])));
        add("DATE", Argument.Define(1, arguments => DateFunction("date", SqlType.Date, arguments,
            (TemporalValue date, out TemporalValue value) => (value = date.Date) == value)));
        add("LAST_DAY", Argument.Define(1, arguments => DateFunction("last_day", SqlType.Date, arguments, TryLastDay)));
        add("TIME", Argument.Define(1, arguments => TimeFunction("time", arguments)));
        add("TIMESTAMP", new(1, 2, Timestamp));
        add("FROM_DAYS", Argument.Define(1, FromDays));
        add("MAKEDATE", Argument.Define(2, MakeDate));
        add("MAKETIME", Argument.Define(3, MakeTime));
        add("SEC_TO_TIME", Argument.Define(1, SecondsToTime));
        add("DATEDIFF", Argument.Define(2, DateDifference));
        add("DATE_FORMAT", Argument.Define(2, arguments => Format("date_format", arguments, isTime: false)));
        add("TIME_FORMAT", Argument.Define(2, arguments => Format("time_format", arguments, isTime: true)));
        add("STR_TO_DATE", Argument.Define(2, StringToDate));
        add("GET_FORMAT", Argument.Define(2, GetFormat));
        add("PERIOD_ADD", Argument.Define(2, arguments => Period("period_add", arguments, (months, count) => FromMonths(months + count))));
        add("PERIOD_DIFF", Argument.Define(2, arguments => Period("period_diff", arguments, (months, other) => months - ToMonths(other))));
        add("CONVERT_TZ", Argument.Define(3, ConvertZone));
    }

    /// <summary>EXTRACT(unit FROM value).</summary>
    public static Expression Extract(IntervalUnit unit, Expression value) => new FunctionExpression("extract",
        SqlType.BigInt.WithLength(unit >= IntervalUnit.SecondMicrosecond ? 21 : 4), [value], (context, vectors, row, result) =>
        {
            bool isTimeUnit = unit is IntervalUnit.Microsecond or IntervalUnit.Second or IntervalUnit.Minute or IntervalUnit.Hour
                or IntervalUnit.HourMinute or IntervalUnit.HourSecond or IntervalUnit.MinuteSecond or IntervalUnit.HourMicrosecond
                or IntervalUnit.MinuteMicrosecond or IntervalUnit.SecondMicrosecond;
            bool isTime = vectors[0].Type.Kind == SqlTypeKind.Time || (isTimeUnit && !vectors[0].Type.HasDate);
            if (isTime && Conversion.TryGetTime(context, vectors[0], row, out long time))
            {
                TemporalValue day = new TemporalValue(0, 0, unit >= IntervalUnit.DayMicrosecond
                    ? 0 : 0).WithTimeOfDay(Math.Abs(time) % TemporalValue.DayMicroseconds);
                long parts = Calendar.Extract(unit, day, Math.Abs(time) / 3_600_000_000);
                result.SetInt64(row, time < 0 ? -parts : parts);
            }
            else if (!isTime && Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.Fuzzy, out TemporalValue date))
            {
                result.SetInt64(row, Calendar.Extract(unit, date, date.Hour));
            }
            else
            {
                result.SetNull(row);
            }
        });

    private static void AddPart(Action<string, FunctionDefinition> add, string name, int length, DatePart part, bool needsCalendar = false) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, SqlType.BigInt.WithLength(length), arguments,
            (context, vectors, row, result) =>
            {
                if (Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.Fuzzy, out TemporalValue date)
                    && !(needsCalendar && date.HasZeroPart))
                {
                    result.SetInt64(row, part(date));
                }
                else
                {
                    result.SetNull(row);
                }
            })));

    private static void AddTimePart(Action<string, FunctionDefinition> add, string name, int length, Func<long, long> part) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, SqlType.BigInt.WithLength(length), arguments,
            (context, vectors, row, result) =>
            {
                if (Conversion.TryGetTime(context, vectors[0], row, out long time))
                    result.SetInt64(row, part(time));
                else
                    result.SetNull(row);
            })));

    private static FunctionExpression Week(string name, Expression[] arguments, Func<TemporalValue, int, long> compute) => new(name,
        SqlType.BigInt.WithLength(6), arguments.Length > 1 ? [arguments[0], Argument.Integer(arguments[1])] : arguments,
        (context, vectors, row, result) =>
        {
            bool isWeek = name == "week";
            int mode = vectors.Length > 1 ? (int)(vectors[1].GetInt64(row) & 7) : isWeek ? context.DefaultWeekFormat : 0;
            if (Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.None, out TemporalValue date) && !date.HasZeroPart)
                result.SetInt64(row, compute(date, mode));
            else
                result.SetNull(row);
        });

    private static long YearWeek(TemporalValue date, int mode)
    {
        int week = Calendar.Week(date, mode | 2, out int year);
        return (year * 100) + week;
    }

    private static FunctionExpression Name(string name, Expression[] arguments, Func<TemporalValue, string?> choose) => new(name,
        Argument.PlainText(9), arguments, (context, vectors, row, result) =>
        {
            bool isDate = Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.Fuzzy, out TemporalValue date);
            string? chosen = isDate && !(name == "dayname" && date.HasZeroPart) ? choose(date) : null;
            if (chosen is null)
                result.SetNull(row);
            else
                Encoding.ASCII.GetBytes(chosen, result.AllocateBytes(row, chosen.Length));
        });

    private delegate bool DateStep(TemporalValue date, out TemporalValue value);

    private static FunctionExpression DateFunction(string name, SqlType type, Expression[] arguments, DateStep step) => new(name, type,
        arguments, (context, vectors, row, result) =>
        {
            TemporalRules rules = TemporalText.FlagsOf(context.Mode);
            if (Conversion.TryGetDateTime(context, vectors[0], row, rules, out TemporalValue date) && step(date, out TemporalValue value))
                result.SetInt64(row, value.Packed);
            else
                result.SetNull(row);
        });

    private static bool TryLastDay(TemporalValue date, out TemporalValue value)
    {
        value = new TemporalValue(date.Year, date.Month, TemporalValue.DaysInMonth(date.Year, date.Month));
        return date.Month != 0;
    }

    private static FunctionExpression TimeFunction(string name, Expression[] arguments) => new(name,
        SqlType.Time(TemporalArithmetic.ScaleOf(arguments[0])), arguments, (context, vectors, row, result) =>
            Conversion.ToTime(context, vectors[0], row, result, row));

    private static FunctionExpression Timestamp(Expression[] arguments)
    {
        int scale = TemporalArithmetic.ScaleOf(arguments[0]);
        if (arguments.Length > 1)
            scale = Math.Max(scale, TemporalArithmetic.ScaleOf(arguments[1]));
        return new FunctionExpression("timestamp", SqlType.DateTime(scale), arguments, (context, vectors, row, result) =>
        {
            TemporalValue value = default;
            long time = 0;
            bool ok = Conversion.TryGetDateTime(context, vectors[0], row, TemporalText.FlagsOf(context.Mode), out TemporalValue date)
                && (vectors.Length == 1 || Conversion.TryGetTime(context, vectors[1], row, out time));
            if (ok && (time == 0 ? (value = date) == date : TemporalText.TryAddMicroseconds(date, time, out value)))
                result.SetInt64(row, value.Packed);
            else
                result.SetNull(row);
        });
    }

    private static FunctionExpression FromDays(Expression[] arguments) => new("from_days", SqlType.Date,
        [Argument.Integer(arguments[0])], (_, vectors, row, result) =>
            result.SetInt64(row, TemporalValue.FromDayNumber(vectors[0].GetInt64(row)).Packed));

    private static FunctionExpression MakeDate(Expression[] arguments) => new("makedate", SqlType.Date,
        [Argument.Integer(arguments[0]), Argument.Integer(arguments[1])], (_, vectors, row, result) =>
        {
            long year = vectors[0].GetInt64(row), day = vectors[1].GetInt64(row);
            if (year is >= 0 and < 100)
                year += year < 70 ? 2000 : 1900;
            long number = year is >= 0 and <= 9999 && day > 0 && day < 4_000_000 ? TemporalValue.ToDayNumber((int)year, 1, 1) + day - 1 : 0;
            if (number < 366 || number > TemporalValue.DayMax)
                result.SetNull(row);
            else
                result.SetInt64(row, TemporalValue.FromDayNumber(number).Packed);
        });

    private static FunctionExpression MakeTime(Expression[] arguments) => new("maketime",
        SqlType.Time(arguments[2].Type.Kind == SqlTypeKind.Decimal ? Math.Min(6, (int)arguments[2].Type.Scale) : arguments[2].Type.IsString ? 6 : 0),
        [Argument.Integer(arguments[0]), Argument.Integer(arguments[1]), new CastExpression(arguments[2], SqlType.Decimal(20, 6))],
        (context, vectors, row, result) =>
        {
            long hours = vectors[0].GetInt64(row), minutes = vectors[1].GetInt64(row);
            SqlDecimal.TryMultiply(vectors[2].GetDecimal(row), new SqlDecimal(1_000_000), out SqlDecimal micros);
            micros.TryToInt64(out long seconds);
            if (minutes is < 0 or > 59 || seconds < 0 || seconds >= 60_000_000)
            {
                result.SetNull(row);
                return;
            }

            bool isTooLong = hours is < -838 or > 838;
            long magnitude = isTooLong
                ? TemporalValue.TimeMax
                : Math.Min(TemporalValue.TimeMax, (((Math.Abs(hours) * 60) + minutes) * 60_000_000) + seconds);
            if (isTooLong)
                context.Warn(SqlErrors.TruncatedWrongValue("time", $"{hours}:{minutes:00}:{seconds / 1_000_000:00}"));
            result.SetInt64(row, hours < 0 ? -magnitude : magnitude);
        });

    private static FunctionExpression SecondsToTime(Expression[] arguments)
    {
        int scale = arguments[0].Type.Kind == SqlTypeKind.Decimal ? Math.Min(6, (int)arguments[0].Type.Scale)
            : arguments[0].Type.IsInteger ? 0 : 6;
        return new FunctionExpression("sec_to_time", SqlType.Time(scale), [new CastExpression(arguments[0], SqlType.Decimal(30, 6))],
            (context, vectors, row, result) =>
            {
                SqlDecimal.TryMultiply(vectors[0].GetDecimal(row), new SqlDecimal(1_000_000), out SqlDecimal micros);
                bool fits = micros.TryToInt64(out long time) && time is >= -TemporalValue.TimeMax and <= TemporalValue.TimeMax;
                if (!fits)
                {
                    context.Warn(SqlErrors.TruncatedWrongValue("time", vectors[0].GetDecimal(row).Truncate(scale).ToString()));
                    time = time < 0 ? -TemporalValue.TimeMax : TemporalValue.TimeMax;
                }

                result.SetInt64(row, TemporalText.RoundTime(time, scale));
            });
    }

    private static FunctionExpression DateDifference(Expression[] arguments) => new("datediff", SqlType.BigInt.WithLength(9), arguments,
        (context, vectors, row, result) =>
        {
            if (Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.None, out TemporalValue left)
                && Conversion.TryGetDateTime(context, vectors[1], row, TemporalRules.None, out TemporalValue right))
            {
                result.SetInt64(row, left.DayNumber - right.DayNumber);
            }
            else
            {
                result.SetNull(row);
            }
        });

    private static FunctionExpression Format(string name, Expression[] arguments, bool isTime) => new(name, Argument.PlainText(100),
        [arguments[0], Argument.Text(arguments[1])], (context, vectors, row, result) =>
        {
            TemporalValue date;
            long hours;
            bool isNegative = false;
            if (isTime)
            {
                if (!Conversion.TryGetTime(context, vectors[0], row, out long time))
                {
                    result.SetNull(row);
                    return;
                }

                isNegative = time < 0;
                hours = Math.Abs(time) / 3_600_000_000;
                date = TemporalValue.Zero.WithTimeOfDay(Math.Abs(time) % TemporalValue.DayMicroseconds);
            }
            else
            {
                if (!Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.Fuzzy, out date))
                {
                    result.SetNull(row);
                    return;
                }

                hours = date.Hour;
            }

            ByteWriter text = TextKernels.Scratch;
            if (isNegative)
                text.WriteByte((byte)'-');
            if (TemporalFormat.TryFormat(date, hours, vectors[1].GetBytes(row), text))
                result.SetBytes(row, text.Written);
            else
                result.SetNull(row);
        });

    // The type of the result follows from a constant pattern: its parts say whether a date, a time or both come out.
    private static FunctionExpression StringToDate(Expression[] arguments)
    {
        SqlType type = SqlType.DateTime(6);
        if (arguments[1] is ConstantExpression { Value.IsNull: false } pattern)
        {
            string text = Encoding.UTF8.GetString(pattern.Value.Bytes.Span);
            bool hasFraction = text.Contains("%f", StringComparison.Ordinal);
            bool hasDate = HasAny(text, "abcDdejMmUuVvWwXxYy"), hasTime = HasAny(text, "HhIiklprSsTf");
            type = !hasTime ? SqlType.Date : hasDate ? SqlType.DateTime(hasFraction ? 6 : 0) : SqlType.Time(hasFraction ? 6 : 0);
        }

        return new FunctionExpression("str_to_date", type, Argument.Texts(arguments), (context, vectors, row, result) =>
        {
            Span<int> parts = stackalloc int[9];
            parts.Clear();
            bool ok = TemporalFormat.TryParse(vectors[0].GetBytes(row), vectors[1].GetBytes(row), parts, out bool isWhole);
            if (ok && (parts[7] & 4) != 0)
                parts[3] = (parts[3] % 12) + ((parts[7] & 2) != 0 ? 12 : 0);
            ok = ok && parts[3] <= 23 && parts[4] <= 59 && parts[5] <= 59;
            TemporalRules rules = type.Kind == SqlTypeKind.Time ? TemporalRules.Fuzzy : TemporalText.FlagsOf(context.Mode);
            TemporalValue value = default;
            if (ok && parts[8] > 0)
                value = TemporalValue.FromDayNumber(TemporalValue.ToDayNumber(parts[0], 1, 1) + parts[8] - 1);
            else if (ok && (ok = TemporalText.IsDate(parts[0], parts[1], parts[2], rules)))
                value = new TemporalValue(parts[0], parts[1], parts[2]);
            value = ok ? new TemporalValue(value.Packed | new TemporalValue(0, 0, 0, parts[3], parts[4], parts[5], parts[6]).Packed) : default;
            if (!ok || !isWhole)
            {
                string shown = Encoding.UTF8.GetString(vectors[0].GetBytes(row));
                context.WarnOrFail(ok
                    ? SqlErrors.TruncatedWrongValue(type.Kind == SqlTypeKind.Date ? "date" : "datetime", shown)
                    : SqlErrors.WrongStringForFunction(type.Kind == SqlTypeKind.Date ? "date" : type.Kind == SqlTypeKind.Time ? "time" : "datetime", shown, "str_to_date"));
            }

            if (!ok)
                result.SetNull(row);
            else
                result.SetInt64(row, type.Kind == SqlTypeKind.Time ? value.TimeOfDay : type.Kind == SqlTypeKind.Date ? value.Date.Packed : value.Packed);
        });
    }

    private static bool HasAny(string pattern, string letters)
    {
        for (int i = 0; i + 1 < pattern.Length; i++)
        {
            if (pattern[i] == '%' && letters.Contains(pattern[++i], StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static FunctionExpression GetFormat(Expression[] arguments) => new("get_format", Argument.PlainText(17),
        Argument.Texts(arguments), (_, vectors, row, result) =>
        {
            string kind = Encoding.UTF8.GetString(vectors[0].GetBytes(row)).ToUpperInvariant();
            string place = Encoding.UTF8.GetString(vectors[1].GetBytes(row)).ToUpperInvariant();
            string? format = (kind, place) switch
            {
                ("DATE", "USA") => "%m.%d.%Y",
                ("DATE", "JIS" or "ISO") => "%Y-%m-%d",
                ("DATE", "EUR") => "%d.%m.%Y",
                ("DATE", "INTERNAL") => "%Y%m%d",
                ("TIME", "USA") => "%h:%i:%s %p",
                ("TIME", "JIS" or "ISO") => "%H:%i:%s",
                ("TIME", "EUR") => "%H.%i.%s",
                ("TIME", "INTERNAL") => "%H%i%s",
                (_, "USA" or "EUR") => "%Y-%m-%d %H.%i.%s",
                (_, "JIS" or "ISO") => "%Y-%m-%d %H:%i:%s",
                (_, "INTERNAL") => "%Y%m%d%H%i%s",
                _ => null,
            };
            if (format is null)
                result.SetNull(row);
            else
                Encoding.ASCII.GetBytes(format, result.AllocateBytes(row, format.Length));
        });

    private static FunctionExpression Period(string name, Expression[] arguments, Func<long, long, long> compute) => new(name,
        SqlType.BigInt.WithLength(6), Array.ConvertAll(arguments, Argument.Integer), (_, vectors, row, result) =>
        {
            long period = vectors[0].GetInt64(row);
            if (period <= 0 || period % 100 is 0 or > 12)
                throw SqlErrors.WrongArguments(name).ToException();
            result.SetInt64(row, compute(ToMonths(period), vectors[1].GetInt64(row)));
        });

    private static long ToMonths(long period)
    {
        long year = period / 100;
        year += year < 70 ? 2000 : year < 100 ? 1900 : 0;
        return (year * 12) + (period % 100) - 1;
    }

    private static long FromMonths(long months) => (months / 12 * 100) + (months % 12) + 1;

    private static FunctionExpression ConvertZone(Expression[] arguments) => new("convert_tz",
        SqlType.DateTime(TemporalArithmetic.ScaleOf(arguments[0])),
        [arguments[0], Argument.Text(arguments[1]), Argument.Text(arguments[2])], (context, vectors, row, result) =>
        {
            bool ok = SessionTimeZone.TryParse(Encoding.UTF8.GetString(vectors[1].GetBytes(row)), out SessionTimeZone from)
                & SessionTimeZone.TryParse(Encoding.UTF8.GetString(vectors[2].GetBytes(row)), out SessionTimeZone to);
            if (!ok || !Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.None, out TemporalValue date))
            {
                result.SetNull(row);
                return;
            }

            long moment = from.ToUtc(date);
            result.SetInt64(row, moment > 0 ? to.ToLocal(moment).Packed : date.Packed);
        });
}
