using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Sums and differences of dates, times and intervals.</summary>
internal static class TemporalArithmetic
{
    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("ADDTIME", Argument.Define(2, arguments => AddTime("addtime", arguments, 1)));
        add("SUBTIME", Argument.Define(2, arguments => AddTime("subtime", arguments, -1)));
        add("TIMEDIFF", Argument.Define(2, TimeDifference));
        add("ADDDATE", Argument.Define(2, arguments => AddInterval(arguments[0], arguments[1], IntervalUnit.Day, isSubtraction: false)));
        add("SUBDATE", Argument.Define(2, arguments => AddInterval(arguments[0], arguments[1], IntervalUnit.Day, isSubtraction: true)));
        add("UNIX_TIMESTAMP", new(0, 1, UnixTimestamp));
        add("FROM_UNIXTIME", new(1, 2, FromUnixTime));
    }

    /// <summary>Fraction digits that a temporal made of the argument has.</summary>
    public static int ScaleOf(Expression argument) => argument.Type.IsTemporal ? argument.Type.Scale
        : argument.Type.Kind == SqlTypeKind.Decimal ? Math.Min(6, (int)argument.Type.Scale)
        : argument.Type.IsInteger ? 0
        : argument is ConstantExpression { Value.IsNull: false } constant && argument.Type.IsString
            ? FractionDigits(constant.Value.Bytes.Span) : 6;

    /// <summary>date ± INTERVAL amount unit; DATE_ADD, DATE_SUB, ADDDATE, SUBDATE, + and -.</summary>
    public static Expression AddInterval(Expression date, Expression amount, IntervalUnit unit, bool isSubtraction)
    {
        if (unit < IntervalUnit.SecondMicrosecond)
            amount = amount.AsNumber;
        bool hasTime = IntervalAmount.HasTime(unit);
        int scale = Math.Max(date.Type.IsTemporal ? date.Type.Scale : 0, IntervalAmount.HasFraction(unit) ? 6
            : unit == IntervalUnit.Second ? Math.Min(6, ScaleOf(amount)) : 0);
        SqlType type = date.Type.Kind switch
        {
            SqlTypeKind.Date => hasTime ? SqlType.DateTime(scale) : SqlType.Date,
            SqlTypeKind.DateTime or SqlTypeKind.Timestamp => SqlType.DateTime(scale),
            SqlTypeKind.Time => SqlType.Time(scale),
            _ => SqlType.VarChar(29),
        };
        return new FunctionExpression("date_add", type, [date, amount], (context, vectors, row, result) =>
        {
            IntervalAmount interval = IntervalAmount.Read(context, unit, vectors[1], row);
            interval = isSubtraction ? interval.Negate() : interval;
            if (type.Kind == SqlTypeKind.Time && interval.Months == 0)
            {
                AddToTime(context, vectors[0].GetInt64(row), interval, result, row);
            }
            else if (type.Kind == SqlTypeKind.VarChar)
            {
                AddToText(context, vectors[0], interval, hasTime, result, row);
            }
            else if (Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.AllowZeroInDate, out TemporalValue value)
                && TryAdd(context, interval, value, out TemporalValue sum))
            {
                result.SetInt64(row, type.Kind == SqlTypeKind.Date ? sum.Date.Packed : sum.Packed);
            }
            else
            {
                result.SetNull(row);
            }
        });
    }

    /// <summary>TIMESTAMPADD(unit, amount, value).</summary>
    public static Expression TimestampAdd(IntervalUnit unit, Expression amount, Expression value) =>
        AddInterval(value, amount, unit, isSubtraction: false);

    /// <summary>TIMESTAMPDIFF(unit, from, to).</summary>
    public static Expression TimestampDiff(IntervalUnit unit, Expression from, Expression to) => new FunctionExpression("timestampdiff",
        SqlType.BigInt.WithLength(21), [from, to], (context, vectors, row, result) =>
        {
            if (!Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.None, out TemporalValue start)
                || !Conversion.TryGetDateTime(context, vectors[1], row, TemporalRules.None, out TemporalValue end))
            {
                result.SetNull(row);
                return;
            }

            long micros = end.UnixMicroseconds - start.UnixMicroseconds;
            result.SetInt64(row, unit switch
            {
                IntervalUnit.Microsecond => micros,
                IntervalUnit.Second => micros / 1_000_000,
                IntervalUnit.Minute => micros / 60_000_000,
                IntervalUnit.Hour => micros / 3_600_000_000,
                IntervalUnit.Day => micros / TemporalValue.DayMicroseconds,
                IntervalUnit.Week => micros / (7 * TemporalValue.DayMicroseconds),
                IntervalUnit.Month => Calendar.MonthsBetween(start, end),
                IntervalUnit.Quarter => Calendar.MonthsBetween(start, end) / 3,
                _ => Calendar.MonthsBetween(start, end) / 12,
            });
        });

    private static int FractionDigits(ReadOnlySpan<byte> text)
    {
        int point = text.LastIndexOf((byte)'.');
        if (point < 0)
            return 0;
        int count = 0;
        while (point + 1 + count < text.Length && char.IsAsciiDigit((char)text[point + 1 + count]))
            count++;
        return Math.Min(count, 6);
    }

    private static bool TryAdd(EvaluationContext context, IntervalAmount interval, TemporalValue value, out TemporalValue sum)
    {
        if (interval.TryAddTo(value, out sum))
            return true;
        context.WarnOrFail(SqlErrors.DatetimeOverflow("datetime"));
        return false;
    }

    private static void AddToTime(EvaluationContext context, long time, IntervalAmount interval, ColumnVector result, int row)
    {
        Int128 sum = time + interval.Microseconds;
        if (sum > TemporalValue.TimeMax || sum < -TemporalValue.TimeMax)
        {
            context.WarnOrFail(SqlErrors.DatetimeOverflow("time"));
            result.SetNull(row);
            return;
        }

        result.SetInt64(row, (long)sum);
    }

    // Text stays text: a date without a time gets one only from a unit that has one.
    private static void AddToText(EvaluationContext context, ColumnVector source, IntervalAmount interval, bool hasTime,
        ColumnVector result, int row)
    {
        bool showsTime = hasTime;
        if (source.Physical == PhysicalKind.Bytes)
        {
            TemporalText.ParseDateTime(source.GetBytes(row), TemporalRules.AllowZeroInDate, context.TimeZone, out _, out bool writesTime);
            showsTime |= writesTime;
        }

        if (!Conversion.TryGetDateTime(context, source, row, TemporalRules.AllowZeroInDate, out TemporalValue value)
            || !TryAdd(context, interval, value, out TemporalValue sum))
        {
            result.SetNull(row);
            return;
        }

        Span<byte> text = stackalloc byte[32];
        showsTime |= sum.TimeOfDay != 0;
        int length = showsTime
            ? TemporalText.FormatDateTime(sum, sum.Microsecond != 0 ? 6 : 0, text)
            : TemporalText.FormatDate(sum, text);
        result.SetBytes(row, text[..length]);
    }

    private static FunctionExpression AddTime(string name, Expression[] arguments, int sign)
    {
        int scale = Math.Max(ScaleOf(arguments[0]), ScaleOf(arguments[1]));
        SqlType type = arguments[0].Type.Kind switch
        {
            SqlTypeKind.DateTime or SqlTypeKind.Timestamp => SqlType.DateTime(scale),
            SqlTypeKind.Time => SqlType.Time(scale),
            _ => SqlType.VarChar(29),
        };
        return new FunctionExpression(name, type, arguments, (context, vectors, row, result) =>
        {
            if (!Conversion.TryGetTime(context, vectors[1], row, out long added))
            {
                result.SetNull(row);
                return;
            }

            bool isDateTime = type.Kind == SqlTypeKind.DateTime || (vectors[0].Physical == PhysicalKind.Bytes
                && TemporalText.ParseDateTime(vectors[0].GetBytes(row), TemporalRules.None, context.TimeZone, out _, out bool hasTime)
                    != TemporalStatus.Invalid && hasTime);
            Span<byte> text = stackalloc byte[32];
            if (isDateTime)
            {
                bool ok = Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.None, out TemporalValue date)
                    & TemporalText.TryAddMicroseconds(date, sign * added, out TemporalValue sum);
                if (!ok)
                    result.SetNull(row);
                else if (type.Kind == SqlTypeKind.DateTime)
                    result.SetInt64(row, sum.Packed);
                else
                    result.SetBytes(row, text[..TemporalText.FormatDateTime(sum, sum.Microsecond != 0 ? 6 : 0, text)]);
                return;
            }

            if (!Conversion.TryGetTime(context, vectors[0], row, out long time))
            {
                result.SetNull(row);
                return;
            }

            long total = Math.Clamp(time + (sign * added), -TemporalValue.TimeMax, TemporalValue.TimeMax);
            if (total != time + (sign * added))
                context.Warn(SqlErrors.TruncatedWrongValue("time", FormatTime(time + (sign * added))));
            if (type.Kind == SqlTypeKind.Time)
                result.SetInt64(row, total);
            else
                result.SetBytes(row, text[..TemporalText.FormatTime(total, total % 1_000_000 != 0 ? 6 : 0, text)]);
        });
    }

    private static string FormatTime(long microseconds)
    {
        Span<byte> text = stackalloc byte[40];
        long hours = Math.Abs(microseconds) / 3_600_000_000;
        if (hours > 999)
            return $"{(microseconds < 0 ? "-" : "")}{hours}:{Math.Abs(microseconds) / 60_000_000 % 60:00}:{Math.Abs(microseconds) / 1_000_000 % 60:00}";
        return System.Text.Encoding.ASCII.GetString(text[..TemporalText.FormatTime(microseconds, 0, text)]);
    }

    private static FunctionExpression TimeDifference(Expression[] arguments) => new("timediff",
        SqlType.Time(Math.Max(ScaleOf(arguments[0]), ScaleOf(arguments[1]))), arguments, (context, vectors, row, result) =>
        {
            bool leftIsDate = IsDateTime(context, vectors[0], row, out TemporalValue left);
            bool rightIsDate = IsDateTime(context, vectors[1], row, out TemporalValue right);
            long difference;
            if (leftIsDate != rightIsDate)
            {
                result.SetNull(row);
                return;
            }

            if (leftIsDate)
            {
                difference = left.UnixMicroseconds - right.UnixMicroseconds;
            }
            else if (Conversion.TryGetTime(context, vectors[0], row, out long a) && Conversion.TryGetTime(context, vectors[1], row, out long b))
            {
                difference = a - b;
            }
            else
            {
                result.SetNull(row);
                return;
            }

            long clamped = Math.Clamp(difference, -TemporalValue.TimeMax, TemporalValue.TimeMax);
            if (clamped != difference)
                context.Warn(SqlErrors.TruncatedWrongValue("time", FormatTime(difference)));
            result.SetInt64(row, clamped);
        });

    private static bool IsDateTime(EvaluationContext context, ColumnVector vector, int row, out TemporalValue value)
    {
        value = default;
        if (vector.Type.HasDate)
            return Conversion.TryGetDateTime(context, vector, row, TemporalRules.Fuzzy, out value);
        return vector.Physical == PhysicalKind.Bytes
            && TemporalText.ParseDateTime(vector.GetBytes(row), TemporalRules.None, context.TimeZone, out value, out bool hasTime)
                != TemporalStatus.Invalid && hasTime;
    }

    private static FunctionExpression UnixTimestamp(Expression[] arguments)
    {
        int scale = arguments.Length == 0 ? 0 : ScaleOf(arguments[0]);
        if (arguments.Length == 0)
        {
            return new FunctionExpression("unix_timestamp", SqlType.UnsignedBigInt.WithLength(21), [], (context, _, row, result) =>
                result.SetInt64(row, context.StatementTimeMicroseconds / 1_000_000), isNullable: false);
        }

        SqlType type = scale == 0 ? SqlType.BigInt.WithLength(21) : SqlType.Decimal(12 + scale, scale);
        return new FunctionExpression("unix_timestamp", type, arguments, (context, vectors, row, result) =>
        {
            long micros = 0;
            if (vectors[0].Type.Kind == SqlTypeKind.Timestamp)
                micros = vectors[0].GetInt64(row);
            else if (Conversion.TryGetDateTime(context, vectors[0], row, TemporalRules.Fuzzy, out TemporalValue date))
                micros = date.HasZeroPart ? 0 : context.TimeZone.ToUtc(date);
            micros = Math.Max(0, micros);
            if (micros > 32_536_771_199_999_999)
                micros = 0;
            if (scale == 0)
                result.SetInt64(row, micros / 1_000_000);
            else
                result.SetDecimal(row, SqlDecimal.FromScaled(micros, 6).Truncate(scale));
        });
    }

    private static Expression FromUnixTime(Expression[] arguments)
    {
        int scale = arguments[0].Type.IsInteger ? 0 : arguments[0].Type.Kind == SqlTypeKind.Decimal ? Math.Min(6, (int)arguments[0].Type.Scale) : 6;
        Expression time = new FunctionExpression("from_unixtime", SqlType.DateTime(scale), [new CastExpression(arguments[0], SqlType.Decimal(30, 6))],
            (context, vectors, row, result) =>
            {
                SqlDecimal.TryMultiply(vectors[0].GetDecimal(row), new SqlDecimal(1_000_000), out SqlDecimal exact);
                if (!exact.TryToInt64(out long micros) || micros < 0 || micros > 32_536_771_199_999_999)
                    result.SetNull(row);
                else if (micros == 0)
                    result.SetInt64(row, context.TimeZone.ToLocal(1).Packed & ~0xFFFFFFL);
                else
                    result.SetInt64(row, context.TimeZone.ToLocal(micros).Packed);
            });
        if (arguments.Length == 1)
            return time;
        FunctionRegistry.TryBind("DATE_FORMAT", [time, arguments[1]], out Expression formatted);
        return formatted;
    }
}
