using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// Converts one value from one type to another as expressions do: what does not read as a whole gives what could be
/// read, and a warning. Column assignment, which is stricter, is the work of ColumnAssignment.
/// </summary>
internal static class Conversion
{
    [ThreadStatic]
    private static ByteWriter? _textScratch;

    private static ByteWriter TextScratch
    {
        get
        {
            ByteWriter scratch = _textScratch ??= new ByteWriter();
            scratch.Clear();
            return scratch;
        }
    }

    /// <summary>Converts a value, NULL or not, to the type of the target vector.</summary>
    public static void Convert(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        if (source.IsNull(sourceRow))
        {
            target.SetNull(row);
            return;
        }

        SqlType type = target.Type;
        switch (target.Physical)
        {
            case PhysicalKind.Double:
                double number = ToDouble(context, source, sourceRow);
                target.SetDouble(row, type.Kind == SqlTypeKind.Float ? (float)number : number);
                break;
            case PhysicalKind.Decimal:
                target.SetDecimal(row, ToDecimal(context, source, sourceRow));
                break;
            case PhysicalKind.Bytes:
                target.SetBytes(row, ToText(context, source, sourceRow));
                break;
            case PhysicalKind.Int64 when type.Kind is SqlTypeKind.Date or SqlTypeKind.DateTime or SqlTypeKind.Timestamp:
                ToDateTime(context, source, sourceRow, target, row);
                break;
            case PhysicalKind.Int64 when type.Kind == SqlTypeKind.Time:
                ToTime(context, source, sourceRow, target, row);
                break;
            default:
                target.SetInt64(row, ToInt64(context, source, sourceRow, type.IsUnsigned));
                break;
        }
    }

    /// <summary>The value as a double.</summary>
    public static double ToDouble(ConversionContext context, ColumnVector source, int row)
    {
        switch (source.Physical)
        {
            case PhysicalKind.Double:
                return source.GetDouble(row);
            case PhysicalKind.Decimal:
                return source.GetDecimal(row).ToDouble();
            case PhysicalKind.Int64 when source.Type.IsTemporal:
                return TemporalToDecimal(context, source, row).ToDouble();
            case PhysicalKind.Int64:
                long value = source.GetInt64(row);
                return source.Type.IsUnsigned ? unchecked((ulong)value) : value;
            default:
                ReadOnlySpan<byte> text = ScalarTextOf(source, row);
                double number = NumberText.ParseDouble(text, out bool isWhole);
                if (!isWhole)
                    WarnTruncated(context, "DOUBLE", text);
                return number;
        }
    }

    /// <summary>The value as a decimal.</summary>
    public static SqlDecimal ToDecimal(ConversionContext context, ColumnVector source, int row)
    {
        switch (source.Physical)
        {
            case PhysicalKind.Decimal:
                return source.GetDecimal(row);
            case PhysicalKind.Double:
                SqlDecimal.TryFromDouble(source.GetDouble(row), out SqlDecimal fromDouble);
                return fromDouble;
            case PhysicalKind.Int64 when source.Type.IsTemporal:
                return TemporalToDecimal(context, source, row);
            case PhysicalKind.Int64:
                long value = source.GetInt64(row);
                return source.Type.IsUnsigned ? SqlDecimal.FromUInt64(unchecked((ulong)value)) : new SqlDecimal(value);
            default:
                ReadOnlySpan<byte> text = ScalarTextOf(source, row);
                DecimalParseStatus status = SqlDecimal.TryParse(text, out SqlDecimal result, out int consumed);
                if (status != DecimalParseStatus.Parsed || !text[consumed..].TrimEnd((byte)' ').IsEmpty)
                    WarnTruncated(context, "DECIMAL", text);
                return result;
        }
    }

    /// <summary>The value as an integer, rounded; out of range gives the limit and a warning.</summary>
    public static long ToInt64(ConversionContext context, ColumnVector source, int row, bool isUnsigned)
    {
        switch (source.Physical)
        {
            case PhysicalKind.Int64 when source.Type.IsTemporal:
                TemporalToDecimal(context, source, row).TryToInt64(out long temporal);
                return temporal;
            case PhysicalKind.Int64:
                return source.GetInt64(row);
            case PhysicalKind.Decimal:
                return DecimalToInt64(context, source.GetDecimal(row), isUnsigned);
            case PhysicalKind.Double:
                return DoubleToInt64(context, source.GetDouble(row), isUnsigned);
            default:
                ReadOnlySpan<byte> text = ScalarTextOf(source, row);
                long value = NumberText.ParseInteger(text, out _, out bool isWhole, out bool isOverflow);
                if (!isWhole || isOverflow)
                    WarnTruncated(context, "INTEGER", text);
                return value;
        }
    }

    /// <summary>Rounds a double to an integer within the range.</summary>
    public static long DoubleToInt64(ConversionContext context, double value, bool isUnsigned)
    {
        double rounded = Math.Round(value, MidpointRounding.ToEven);
        if (isUnsigned && rounded >= 0)
        {
            if (rounded < 18446744073709551616.0)
                return unchecked((long)(ulong)rounded);
        }
        else if (rounded is >= -9223372036854775808.0 and < 9223372036854775808.0)
        {
            return (long)rounded;
        }

        Span<byte> text = stackalloc byte[NumberText.LengthMax];
        WarnTruncated(context, "INTEGER", text[..NumberText.Format(value, text)]);
        return rounded < 0 ? long.MinValue : isUnsigned ? -1 : long.MaxValue;
    }

    /// <summary>Rounds a decimal to an integer within the range.</summary>
    public static long DecimalToInt64(ConversionContext context, in SqlDecimal value, bool isUnsigned)
    {
        if (isUnsigned && !value.IsNegative)
        {
            if (value.TryToUInt64(out ulong unsigned))
                return unchecked((long)unsigned);
        }
        else if (value.TryToInt64(out long signed))
        {
            return signed;
        }

        Span<byte> text = stackalloc byte[NumberText.LengthMax];
        WarnTruncated(context, "DECIMAL", text[..value.Format(text)]);
        return value.IsNegative ? (isUnsigned ? 0 : long.MinValue) : isUnsigned ? -1 : long.MaxValue;
    }

    /// <summary>The value's text; valid until the next conversion on this thread, or as long as the source.</summary>
    public static ReadOnlySpan<byte> ToText(ConversionContext context, ColumnVector source, int row)
    {
        if (source.Physical == PhysicalKind.Bytes)
            return source.GetBytes(row);
        ByteWriter scratch = TextScratch;
        ValueFormatter.Format(source, row, scratch, context.TimeZone);
        return scratch.Written;
    }

    /// <summary>Sets a DATE, DATETIME or TIMESTAMP, or NULL with a warning; the target's type says which and how precise.</summary>
    public static void ToDateTime(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        if (!TryGetDateTime(context, source, sourceRow, TemporalText.FlagsOf(context.Mode), out TemporalValue value))
        {
            target.SetNull(row);
            return;
        }

        SqlType type = target.Type;
        if (type.Kind == SqlTypeKind.Date)
            value = value.Date;
        else if (!TemporalText.TryRound(value, type.Scale, out value))
            value = default;
        target.SetInt64(row, type.Kind == SqlTypeKind.Timestamp ? context.TimeZone.ToUtc(value) : value.Packed);
    }

    /// <summary>Reads a value as a date and time in the session's zone; false, with a warning, when it is none.</summary>
    public static bool TryGetDateTime(ConversionContext context, ColumnVector source, int row, TemporalRules rules,
        out TemporalValue value)
    {
        value = default;
        TemporalStatus status;
        switch (source.Type.Kind)
        {
            case SqlTypeKind.Date or SqlTypeKind.DateTime:
                value = new TemporalValue(source.GetInt64(row));
                return true;
            case SqlTypeKind.Timestamp:
                value = context.TimeZone.ToLocal(source.GetInt64(row));
                return true;
            case SqlTypeKind.Time:
                TemporalValue today = context.TimeZone.ToLocal(context.StatementTimeMicroseconds).Date;
                return TemporalText.TryAddMicroseconds(today, source.GetInt64(row), out value);
            case SqlTypeKind.Year when source.GetInt64(row) != 0:
                status = TemporalText.FromNumber(source.GetInt64(row) * 10000, rules, out value);
                break;
            case var _ when source.Physical == PhysicalKind.Bytes:
                status = TemporalText.ParseDateTime(source.GetBytes(row), rules, context.TimeZone, out value);
                break;
            default:
                status = FromNumber(context, source, row, rules, out value);
                break;
        }

        if (status != TemporalStatus.Parsed)
        {
            string shown = System.Text.Encoding.UTF8.GetString(ToText(context, source, row));
            context.WarnOrFail(status == TemporalStatus.Truncated
                ? SqlErrors.TruncatedWrongValue("datetime", shown)
                : SqlErrors.IncorrectTemporalValue("datetime", shown));
        }

        return status != TemporalStatus.Invalid;
    }

    /// <summary>Sets a TIME, or NULL with a warning.</summary>
    public static void ToTime(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        if (TryGetTime(context, source, sourceRow, out long value))
            target.SetInt64(row, TemporalText.RoundTime(value, target.Type.Scale));
        else
            target.SetNull(row);
    }

    /// <summary>Reads a value as a TIME; false, with a warning, when it is none.</summary>
    public static bool TryGetTime(ConversionContext context, ColumnVector source, int row, out long value)
    {
        TemporalStatus status;
        switch (source.Type.Kind)
        {
            case SqlTypeKind.Time:
                value = source.GetInt64(row);
                return true;
            case SqlTypeKind.Date or SqlTypeKind.DateTime:
                value = new TemporalValue(source.GetInt64(row)).TimeOfDay;
                return true;
            case SqlTypeKind.Timestamp:
                value = context.TimeZone.ToLocal(source.GetInt64(row)).TimeOfDay;
                return true;
            case var _ when source.Physical == PhysicalKind.Bytes:
                status = TemporalText.ParseTime(source.GetBytes(row), context.TimeZone, out value);
                break;
            default:
                SqlDecimal number = ToDecimal(context, source, row);
                SqlDecimal whole = number.Truncate(0);
                whole.TryToInt64(out long integer);
                status = TemporalText.TimeFromNumber(integer, out value);
                if (status == TemporalStatus.Parsed)
                    value += FractionMicroseconds(number, whole);
                break;
        }

        if (status != TemporalStatus.Parsed)
        {
            string shown = System.Text.Encoding.UTF8.GetString(ToText(context, source, row));
            context.WarnOrFail(SqlErrors.TruncatedWrongValue("time", shown));
        }

        return status != TemporalStatus.Invalid;
    }

    /// <summary>True for any value but zero.</summary>
    public static bool IsTrue(ConversionContext context, ColumnVector source, int row) => source.Physical switch
    {
        PhysicalKind.Int64 => source.GetInt64(row) != 0,
        PhysicalKind.Double => source.GetDouble(row) != 0,
        PhysicalKind.Decimal => !source.GetDecimal(row).IsZero,
        _ => ToDouble(context, source, row) != 0,
    };

    private static TemporalStatus FromNumber(ConversionContext context, ColumnVector source, int row, TemporalRules rules,
        out TemporalValue value)
    {
        SqlDecimal number = ToDecimal(context, source, row);
        SqlDecimal whole = number.Truncate(0);
        whole.TryToInt64(out long integer);
        TemporalStatus status = TemporalText.FromNumber(integer, rules, out value);
        long fraction = FractionMicroseconds(number, whole);
        if (status == TemporalStatus.Parsed && fraction != 0)
            TemporalText.TryAddMicroseconds(value, fraction, out value);
        return status;
    }

    private static long FractionMicroseconds(in SqlDecimal number, in SqlDecimal whole)
    {
        SqlDecimal.TrySubtract(number, whole, out SqlDecimal fraction);
        SqlDecimal.TryMultiply(fraction, new SqlDecimal(1_000_000), out SqlDecimal micros);
        micros.TryToInt64(out long value);
        return value;
    }

    // 20200102030405.678 and the like.
    private static SqlDecimal TemporalToDecimal(ConversionContext context, ColumnVector source, int row)
    {
        long raw = source.GetInt64(row);
        int scale = source.Type.Scale;
        long number;
        int microsecond;
        if (source.Type.Kind == SqlTypeKind.Time)
        {
            long magnitude = Math.Abs(raw);
            long seconds = magnitude / 1_000_000;
            number = (seconds / 3600 * 10_000) + (seconds / 60 % 60 * 100) + (seconds % 60);
            microsecond = (int)(magnitude % 1_000_000);
        }
        else
        {
            TemporalValue value = source.Type.Kind == SqlTypeKind.Timestamp
                ? context.TimeZone.ToLocal(raw)
                : new TemporalValue(raw);
            number = (value.Year * 10_000L) + (value.Month * 100) + value.Day;
            if (source.Type.Kind != SqlTypeKind.Date)
                number = (number * 1_000_000) + (value.Hour * 10_000) + (value.Minute * 100) + value.Second;
            microsecond = value.Microsecond;
        }

        int unit = TemporalText.PowerOfTen(6 - scale);
        long scaled = (number * TemporalText.PowerOfTen(scale)) + (microsecond / unit);
        return SqlDecimal.FromScaled(source.Type.Kind == SqlTypeKind.Time && raw < 0 ? -scaled : scaled, scale);
    }

    /// <summary>The text of a string to read a number from: JSON strings count without their quotes, true and false as 1 and 0.</summary>
    internal static ReadOnlySpan<byte> ScalarTextOf(ColumnVector source, int row)
    {
        ReadOnlySpan<byte> text = source.GetBytes(row);
        if (source.Type.Kind != SqlTypeKind.Json)
            return text;
        if (text.SequenceEqual("true"u8))
            return "1"u8;
        if (text.SequenceEqual("false"u8))
            return "0"u8;
        return text.Length >= 2 && text[0] == '"' ? text[1..^1] : text;
    }

    private static void WarnTruncated(ConversionContext context, string type, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> shown = text.Length > 128 ? text[..128] : text;
        context.WarnOrFail(SqlErrors.TruncatedWrongValue(type, System.Text.Encoding.UTF8.GetString(shown)));
    }
}
