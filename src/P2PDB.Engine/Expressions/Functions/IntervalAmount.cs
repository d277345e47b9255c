using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>How far an INTERVAL reaches: months and microseconds.</summary>
internal readonly record struct IntervalAmount(long Months, Int128 Microseconds)
{
    /// <summary>True for units that change only the time of day.</summary>
    public static bool HasTime(IntervalUnit unit) => unit is not (IntervalUnit.Day or IntervalUnit.Week or IntervalUnit.Month
        or IntervalUnit.Quarter or IntervalUnit.Year or IntervalUnit.YearMonth);

    /// <summary>True for units with a fraction of a second.</summary>
    public static bool HasFraction(IntervalUnit unit) => unit is IntervalUnit.Microsecond or IntervalUnit.SecondMicrosecond
        or IntervalUnit.MinuteMicrosecond or IntervalUnit.HourMicrosecond or IntervalUnit.DayMicrosecond;

    /// <summary>The interval of a row's amount in a unit.</summary>
    public static IntervalAmount Read(EvaluationContext context, IntervalUnit unit, ColumnVector amount, int row)
    {
        if (unit >= IntervalUnit.SecondMicrosecond)
            return ReadParts(unit, Conversion.ToText(context, amount, row));
        if (unit == IntervalUnit.Second)
        {
            SqlDecimal.TryMultiply(Conversion.ToDecimal(context, amount, row), new SqlDecimal(1_000_000), out SqlDecimal micros);
            micros.TryToInt64(out long value);
            return new IntervalAmount(0, value);
        }

        // '1.5' DAY is rounded to 2, but text is cut: MySQL reads integers.
        long count = amount.Physical == PhysicalKind.Bytes
            ? NumberText.ParseInteger(amount.GetBytes(row), out _, out _, out _)
            : Conversion.ToInt64(context, amount, row, isUnsigned: false);
        return unit switch
        {
            IntervalUnit.Microsecond => new IntervalAmount(0, count),
            IntervalUnit.Minute => new IntervalAmount(0, (Int128)count * 60_000_000),
            IntervalUnit.Hour => new IntervalAmount(0, (Int128)count * 3_600_000_000),
            IntervalUnit.Day => new IntervalAmount(0, (Int128)count * TemporalValue.DayMicroseconds),
            IntervalUnit.Week => new IntervalAmount(0, (Int128)count * 7 * TemporalValue.DayMicroseconds),
            IntervalUnit.Month => new IntervalAmount(Bound(count), 0),
            IntervalUnit.Quarter => new IntervalAmount(Bound(count) * 3, 0),
            _ => new IntervalAmount(Bound(count) * 12, 0),
        };
    }

    /// <summary>The interval backwards.</summary>
    public IntervalAmount Negate() => new(-Months, -Microseconds);

    /// <summary>Adds the interval; false outside the calendar.</summary>
    public bool TryAddTo(TemporalValue date, out TemporalValue sum)
    {
        if (Months != 0)
            return Calendar.TryAddMonths(date, Months, out sum);
        sum = default;
        return Int128.Abs(Microseconds) < 400_000_000_000_000_000
            && TemporalText.TryAddMicroseconds(date, (long)Microseconds, out sum);
    }

    private static long Bound(long count) => Math.Clamp(count, -1_000_000, 1_000_000);

    // '1 2:3:4.5' has its numbers counted from the right: missing ones are on the left.
    private static IntervalAmount ReadParts(IntervalUnit unit, ReadOnlySpan<byte> text)
    {
        Span<long> numbers = stackalloc long[6];
        numbers.Clear();
        int wanted = unit switch
        {
            IntervalUnit.DayMicrosecond => 5,
            IntervalUnit.DaySecond or IntervalUnit.HourMicrosecond => 4,
            IntervalUnit.DayMinute or IntervalUnit.HourSecond or IntervalUnit.MinuteMicrosecond => 3,
            _ => 2,
        };
        int count = 0, at = 0, lastDigits = 0;
        while (at < text.Length && !char.IsAsciiDigit((char)text[at]) && text[at] != '-')
            at++;
        bool isNegative = at < text.Length && text[at] == '-';
        while (at < text.Length && count < wanted)
        {
            while (at < text.Length && !char.IsAsciiDigit((char)text[at]))
                at++;
            int start = at;
            for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
                numbers[count] = Math.Min(1_000_000_000_000, (numbers[count] * 10) + text[at] - '0');
            lastDigits = at - start;
            if (lastDigits > 0)
                count++;
        }

        if (HasFraction(unit) && count > 0 && lastDigits < 6)
            numbers[count - 1] *= TemporalText.PowerOfTen(6 - lastDigits);
        Span<long> aligned = stackalloc long[6];
        aligned.Clear();
        numbers[..count].CopyTo(aligned[(wanted - count)..]);
        IntervalAmount amount = Combine(unit, aligned, wanted);
        return isNegative ? amount.Negate() : amount;
    }

    private static IntervalAmount Combine(IntervalUnit unit, ReadOnlySpan<long> parts, int count)
    {
        if (unit == IntervalUnit.YearMonth)
            return new IntervalAmount((Bound(parts[0]) * 12) + Bound(parts[1]), 0);
        ReadOnlySpan<long> weights = [TemporalValue.DayMicroseconds, 3_600_000_000, 60_000_000, 1_000_000, 1];
        int last = HasFraction(unit) ? 4 : unit is IntervalUnit.DaySecond or IntervalUnit.HourSecond or IntervalUnit.MinuteSecond ? 3
            : unit is IntervalUnit.DayMinute or IntervalUnit.HourMinute ? 2 : 1;
        Int128 total = 0;
        for (int i = 0; i < count; i++)
            total += (Int128)parts[i] * weights[last - count + 1 + i];
        return new IntervalAmount(0, total);
    }
}
