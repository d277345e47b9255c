using System.Globalization;
using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// Stores values in a column: fits them into its type by MySQL's rules. What does not fit is an error in strict mode;
/// otherwise the nearest value is stored with a warning. Immutable; one per column, made with the plan.
/// </summary>
internal sealed class ColumnAssignment
{
    private readonly SqlType _type;
    private readonly string _column;
    private readonly bool _isNullable;

    /// <summary>Describes a column; the name is for error texts.</summary>
    public ColumnAssignment(SqlType type, string column, bool isNullable)
    {
        _type = type;
        _column = column;
        _isNullable = isNullable;
    }

    /// <summary>The column's type: that of the vectors that take its values.</summary>
    public SqlType Type => _type;

    /// <summary>An expression in the form in which its value goes to a column: bit and hex literals are numbers to numbers.</summary>
    public static Expression SourceFor(SqlType column, Expression value) => column.IsNumeric ? value.AsNumber : value;

    /// <summary>The value that a NOT NULL column without default takes in non-strict mode.</summary>
    public static SqlValue ImplicitDefault(SqlType type) => type.Physical switch
    {
        PhysicalKind.Double => SqlValue.FromDouble(type, 0),
        PhysicalKind.Decimal => SqlValue.FromDecimal(type, SqlDecimal.Zero.Round(type.Scale)),
        PhysicalKind.Int64 => SqlValue.FromInt64(type, type.Kind == SqlTypeKind.Enum ? 1 : 0),
        _ => SqlValue.FromBytes(type, type.Kind == SqlTypeKind.Json ? "null"u8.ToArray() : Array.Empty<byte>()),
    };

    /// <summary>
    /// Stores a row of the source in a row of the target, a vector of the column's type. Errors name
    /// <see cref="ConversionContext.RowNumber"/>.
    /// </summary>
    public void Assign(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        if (source.IsNull(sourceRow))
        {
            AssignNull(context, target, row);
            return;
        }

        switch (_type.Kind)
        {
            case SqlTypeKind.Float or SqlTypeKind.Double:
                AssignDouble(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Decimal:
                AssignDecimal(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Date or SqlTypeKind.DateTime or SqlTypeKind.Timestamp:
                AssignDateTime(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Time:
                AssignTime(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Year:
                AssignYear(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Bit:
                AssignBit(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Enum or SqlTypeKind.Set:
                new MemberAssignment(this).Assign(context, source, sourceRow, target, row);
                break;
            case SqlTypeKind.Json:
                AssignJson(source, sourceRow, target, row);
                break;
            case var _ when _type.IsInteger:
                AssignInteger(context, source, sourceRow, target, row);
                break;
            default:
                AssignString(context, source, sourceRow, target, row);
                break;
        }
    }

    /// <summary>Ends the statement in strict mode, else warns.</summary>
    internal static void Refuse(ConversionContext context, SqlError error)
    {
        if ((context.Mode & SqlMode.Strict) != 0 && context.IsStrictWrite)
            throw error.ToException();
        context.Warn(error);
    }

    /// <summary>Warning or error 1265.</summary>
    internal void RefuseTruncated(ConversionContext context) =>
        Refuse(context, SqlErrors.DataTruncated(_column, context.RowNumber));

    private void AssignNull(ConversionContext context, ColumnVector target, int row)
    {
        if (_isNullable)
        {
            target.SetNull(row);
            return;
        }

        Refuse(context, SqlErrors.ColumnCannotBeNull(_column));
        ImplicitDefault(_type).CopyTo(target, row);
    }

    private void AssignInteger(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        (Int128 low, Int128 high) = RangeOf(_type);
        Int128 value;
        if (source.Physical == PhysicalKind.Int64 && !source.Type.IsTemporal)
        {
            long raw = source.GetInt64(sourceRow);
            value = KeyEncoder.IsUnsignedKey(source.Type) ? unchecked((ulong)raw) : raw;
        }
        else if (source.Physical == PhysicalKind.Double)
        {
            double rounded = Math.Round(source.GetDouble(sourceRow), MidpointRounding.ToEven);
            value = double.IsFinite(rounded) ? (Int128)Math.Clamp(rounded, -1e30, 1e30) : 0;
        }
        else
        {
            SqlDecimal number = source.Physical == PhysicalKind.Bytes
                ? ReadNumber(context, source.GetBytes(sourceRow), "integer")
                : Conversion.ToDecimal(context, source, sourceRow);
            value = ToInt128(number);
        }

        if (value < low || value > high)
        {
            RefuseOutOfRange(context);
            value = value < low ? low : high;
        }

        target.SetInt64(row, unchecked((long)(ulong)(UInt128)value));
    }

    private static Int128 ToInt128(in SqlDecimal number)
    {
        SqlDecimal whole = number.Round(0);
        if (whole.TryToUInt64(out ulong unsigned))
            return unsigned;
        return whole.TryToInt64(out long signed) ? signed : whole.IsNegative ? Int128.MinValue : Int128.MaxValue;
    }

    private static (Int128 Low, Int128 High) RangeOf(SqlType type)
    {
        int bits = type.Kind switch
        {
            SqlTypeKind.TinyInt => 8,
            SqlTypeKind.SmallInt => 16,
            SqlTypeKind.MediumInt => 24,
            SqlTypeKind.Int => 32,
            _ => 64,
        };
        return type.IsUnsigned
            ? (0, (Int128.One << bits) - 1)
            : (-(Int128.One << (bits - 1)), (Int128.One << (bits - 1)) - 1);
    }

    private SqlDecimal ReadNumber(ConversionContext context, ReadOnlySpan<byte> text, string kind)
    {
        DecimalParseStatus status = SqlDecimal.TryParse(text, out SqlDecimal number, out int consumed);
        if (status == DecimalParseStatus.Empty)
            Refuse(context, SqlErrors.IncorrectValueForColumn(kind, Show(text), _column, context.RowNumber));
        else if (!text[consumed..].Trim((byte)' ').IsEmpty)
            RefuseTruncated(context);
        return number;
    }

    private void AssignDouble(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        double value;
        if (source.Physical == PhysicalKind.Bytes)
        {
            value = NumberText.ParseDouble(source.GetBytes(sourceRow), out bool isWhole);
            if (!isWhole)
                RefuseTruncated(context);
        }
        else
        {
            value = Conversion.ToDouble(context, source, sourceRow);
        }

        double limit = _type.Kind == SqlTypeKind.Float ? float.MaxValue : double.MaxValue;
        if (_type.Scale < SqlType.ScaleNotFixed)
        {
            limit = Math.Min(limit, Math.Pow(10, _type.Precision - _type.Scale) - Math.Pow(10, -_type.Scale));
            double unit = Math.Pow(10, _type.Scale);
            double rounded = Math.Round(value * unit, MidpointRounding.ToEven) / unit;
            value = double.IsFinite(rounded) ? rounded : value;
        }

        if (Math.Abs(value) > limit || (_type.IsUnsigned && value < 0))
        {
            RefuseOutOfRange(context);
            value = _type.IsUnsigned && value < 0 ? 0 : Math.CopySign(limit, value);
        }

        target.SetDouble(row, _type.Kind == SqlTypeKind.Float ? (float)value : value);
    }

    private void AssignDecimal(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        SqlDecimal value = source.Physical == PhysicalKind.Bytes
            ? ReadNumber(context, source.GetBytes(sourceRow), "decimal")
            : Conversion.ToDecimal(context, source, sourceRow);
        bool fits = value.TryFitTo(_type.Precision, _type.Scale, out SqlDecimal fitted);
        if (!fits || (_type.IsUnsigned && fitted.IsNegative))
        {
            RefuseOutOfRange(context);
            SqlDecimal limit = SqlDecimal.MaxOf(_type.Precision, _type.Scale);
            fitted = !value.IsNegative ? limit : _type.IsUnsigned ? SqlDecimal.Zero.Round(_type.Scale) : limit.Negate();
        }
        else if (value.Scale > _type.Scale && fitted.CompareTo(value) != 0)
        {
            context.Diagnostics.Add(SqlErrors.DataTruncated(_column, context.RowNumber).AsNote());
        }

        target.SetDecimal(row, fitted);
    }

    private void AssignDateTime(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        TemporalRules rules = TemporalText.FlagsOf(context.Mode);
        TemporalStatus status = TemporalStatus.Parsed;
        TemporalValue value;
        if (source.Physical == PhysicalKind.Bytes)
        {
            status = TemporalText.ParseDateTime(source.GetBytes(sourceRow), rules, context.TimeZone, out value);
        }
        else if (source.Type.IsTemporal)
        {
            if (!Conversion.TryGetDateTime(context, source, sourceRow, rules, out value)
                || !TemporalText.IsDate(value.Year, value.Month, value.Day, rules))
            {
                status = TemporalStatus.Invalid;
            }
        }
        else
        {
            Conversion.ToDecimal(context, source, sourceRow).Truncate(0).TryToInt64(out long number);
            status = TemporalText.FromNumber(number, rules, out value);
        }

        if (status == TemporalStatus.Parsed || status == TemporalStatus.Truncated)
        {
            if (_type.Kind == SqlTypeKind.Date)
            {
                if (value.TimeOfDay != 0)
                    context.Diagnostics.Add(SqlErrors.DataTruncated(_column, context.RowNumber).AsNote());
                value = value.Date;
            }
            else if (!Round(context, ref value))
            {
                status = TemporalStatus.Invalid;
            }
        }

        long stored = value.Packed;
        if (_type.Kind == SqlTypeKind.Timestamp && value.HasZeroPart && !value.IsZero)
            status = TemporalStatus.Invalid;   // it is a point in time, which a date with zero parts is not
        if (_type.Kind == SqlTypeKind.Timestamp && status != TemporalStatus.Invalid)
        {
            stored = context.TimeZone.ToUtc(value);
            if ((stored <= 0 && !value.IsZero) || stored >= 2_147_483_648L * 1_000_000)
                status = TemporalStatus.Invalid;
        }

        if (status == TemporalStatus.Truncated)
        {
            RefuseTruncated(context);
        }
        else if (status == TemporalStatus.Invalid)
        {
            RefuseTemporal(context, source, sourceRow, _type.Kind == SqlTypeKind.Date ? "date" : "datetime");
            stored = 0;
        }

        target.SetInt64(row, stored);
    }

    private bool Round(ConversionContext context, ref TemporalValue value)
    {
        if ((context.Mode & SqlMode.TimeTruncateFractional) == 0)
            return TemporalText.TryRound(value, _type.Scale, out value);
        value = new TemporalValue(value.Packed - (value.Microsecond % TemporalText.PowerOfTen(6 - _type.Scale)));
        return true;
    }

    private void AssignTime(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        TemporalStatus status = TemporalStatus.Parsed;
        long value;
        if (source.Physical == PhysicalKind.Bytes)
        {
            status = TemporalText.ParseTime(source.GetBytes(sourceRow), context.TimeZone, out value);
        }
        else if (source.Type.IsTemporal)
        {
            Conversion.TryGetTime(context, source, sourceRow, out value);
        }
        else
        {
            Conversion.ToDecimal(context, source, sourceRow).Truncate(0).TryToInt64(out long number);
            status = TemporalText.TimeFromNumber(number, out value);
        }

        if (status == TemporalStatus.OutOfRange)
            RefuseOutOfRange(context);
        else if (status == TemporalStatus.Truncated)
            RefuseTruncated(context);
        else if (status == TemporalStatus.Invalid)
            RefuseTemporal(context, source, sourceRow, "time");
        target.SetInt64(row, status == TemporalStatus.Invalid ? 0 : TemporalText.RoundTime(value, _type.Scale));
    }

    private void AssignYear(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        bool isText = source.Physical == PhysicalKind.Bytes;
        SqlDecimal number;
        if (isText)
        {
            number = ReadNumber(context, source.GetBytes(sourceRow), "integer");
        }
        else if (source.Type.HasDate)
        {
            Conversion.TryGetDateTime(context, source, sourceRow, TemporalRules.Fuzzy, out TemporalValue date);
            number = new SqlDecimal(date.Year);
        }
        else
        {
            number = Conversion.ToDecimal(context, source, sourceRow);
        }

        if (source.Physical == PhysicalKind.Double)
            number = number.Truncate(0);
        bool isSmall = number.TryToInt64(out long year);
        bool isFourDigits = isText && source.GetBytes(sourceRow).Trim((byte)' ').Length == 4;
        if (isSmall && year is >= 0 and <= 99 && !isFourDigits && (year != 0 || StartsWithDigit(source, sourceRow)))
            year += year < 70 ? 2000 : 1900;
        if (!isSmall || (year != 0 && year is < 1901 or > 2155))
        {
            RefuseOutOfRange(context);
            year = 0;
        }

        target.SetInt64(row, year);
    }

    /// <summary>The text '0' is the year 2000; the number 0, and a text that is no number, are the year 0.</summary>
    private static bool StartsWithDigit(ColumnVector source, int row)
    {
        ReadOnlySpan<byte> text = source.Physical == PhysicalKind.Bytes ? source.GetBytes(row).TrimStart((byte)' ') : default;
        return !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9';
    }

    private void AssignBit(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        int bits = (int)Math.Clamp(_type.Length, 1, 64);
        ulong limit = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        ulong value = 0;
        bool fits = true;
        if (source.Physical == PhysicalKind.Bytes)
        {
            ReadOnlySpan<byte> bytes = source.GetBytes(sourceRow).TrimStart((byte)0);
            fits = bytes.Length <= 8;
            foreach (byte part in fits ? bytes : default)
                value = (value << 8) | part;
        }
        else
        {
            value = unchecked((ulong)Conversion.ToInt64(context, source, sourceRow, isUnsigned: true));
        }

        if (!fits || value > limit)
        {
            Refuse(context, SqlErrors.DataTooLong(_column, context.RowNumber));
            value = limit;
        }

        target.SetInt64(row, unchecked((long)value));
    }

    private void AssignJson(ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        if (source.Type.Kind == SqlTypeKind.Json)
        {
            target.SetBytes(row, source.GetBytes(sourceRow));
            return;
        }

        if (!source.Type.IsString)
            throw SqlErrors.InvalidJsonText("not a JSON text, may need CAST", 0, _column).ToException();
        if (source.Type.IsBinaryString)
            throw SqlErrors.InvalidJsonCharset("binary").ToException();
        using var normalised = new ByteWriter();
        if (!JsonNormalizer.TryNormalize(source.GetBytes(sourceRow), normalised, out string reason, out int position))
            throw SqlErrors.InvalidJsonText(reason, position, _column).ToException();
        target.SetBytes(row, normalised.Written);
    }

    private void AssignString(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        ReadOnlySpan<byte> text = Conversion.ToText(context, source, sourceRow);
        if (_type.IsText && !source.Type.IsText && source.Type.IsBinaryString | source.Type.Kind == SqlTypeKind.Null
            && !Utf8.IsValid(text))
        {
            text = RefuseMalformed(context, text);
        }

        int kept = KeptLength(text);
        if (kept < text.Length)
        {
            bool onlyBlanks = _type.IsText && !_type.IsLong && !text[kept..].ContainsAnyExcept((byte)' ');
            if (onlyBlanks)
                context.Diagnostics.Add(SqlErrors.DataTruncated(_column, context.RowNumber).AsNote());
            else if ((context.Mode & SqlMode.Strict) != 0 && context.IsStrictWrite)
                throw SqlErrors.DataTooLong(_column, context.RowNumber).ToException();
            else
                context.Warn(SqlErrors.DataTruncated(_column, context.RowNumber));
            text = text[..kept];
        }

        if (_type.Kind == SqlTypeKind.Char)
            text = text.TrimEnd((byte)' ');
        Span<byte> room = target.AllocateBytes(row, _type.Kind == SqlTypeKind.Binary ? (int)_type.Length : text.Length);
        text.CopyTo(room);
        room[text.Length..].Clear();
    }

    private int KeptLength(ReadOnlySpan<byte> text)
    {
        long bytes = _type.Kind switch
        {
            SqlTypeKind.TinyText or SqlTypeKind.TinyBlob => 255,
            SqlTypeKind.Text or SqlTypeKind.Blob => 65_535,
            SqlTypeKind.MediumText or SqlTypeKind.MediumBlob => 16_777_215,
            SqlTypeKind.LongText or SqlTypeKind.LongBlob or SqlTypeKind.Geometry => uint.MaxValue,
            SqlTypeKind.Binary or SqlTypeKind.VarBinary => _type.Length,
            _ => -1,
        };
        if (bytes < 0)
            return text.Length <= _type.Length ? text.Length : Utf8.OffsetOf(text, _type.Length);
        int kept = (int)Math.Min(bytes, text.Length);
        while (_type.IsText && kept < text.Length && kept > 0 && (text[kept] & 0xC0) == 0x80)
            kept--;
        return kept;
    }

    private ReadOnlySpan<byte> RefuseMalformed(ConversionContext context, ReadOnlySpan<byte> text)
    {
        int good = 0;
        while (good < text.Length && Rune.DecodeFromUtf8(text[good..], out _, out int length) == System.Buffers.OperationStatus.Done)
            good += length;
        var shown = new StringBuilder();
        ReadOnlySpan<byte> bad = text[good..];
        for (int i = 0; i < Math.Min(6, bad.Length); i++)
        {
            if (bad[i] is >= 0x20 and < 0x7F)
                shown.Append((char)bad[i]);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\x{bad[i]:X2}");
        }

        if (bad.Length > 6)
            shown.Append("...");
        Refuse(context, SqlErrors.IncorrectValueForColumn("string", shown.ToString(), _column, context.RowNumber));
        return text[..good];
    }

    private void RefuseOutOfRange(ConversionContext context) =>
        Refuse(context, SqlErrors.OutOfRangeColumn(_column, context.RowNumber));

    private void RefuseTemporal(ConversionContext context, ColumnVector source, int row, string kind) =>
        Refuse(context, SqlErrors.IncorrectTemporalValueForColumn(kind, Show(Conversion.ToText(context, source, row)),
            _column, context.RowNumber));

    private static string Show(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Length > 128 ? text[..128] : text);
}
