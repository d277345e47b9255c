using System.Buffers.Binary;
using System.Globalization;

namespace P2PDB.Engine.Types;

/// <summary>
/// MySQL's DECIMAL: sign, magnitude below 10^65 and a scale of at most 30 digits after the point, all exact. Results of
/// operations follow MySQL's scales: + and - the larger, * the sum, / the dividend's plus four; what exceeds 30 digits
/// after the point is rounded half away from zero (division truncates its last digit as MySQL does). No allocation.
/// </summary>
public readonly struct SqlDecimal : IEquatable<SqlDecimal>, IComparable<SqlDecimal>
{
    /// <summary>Digits that any value has at most.</summary>
    public const int PrecisionMax = 65;

    /// <summary>Digits after the point at most.</summary>
    public const int ScaleMax = 30;

    /// <summary>MySQL's div_precision_increment: digits that a quotient has more than its dividend.</summary>
    public const int DivisionScaleIncrement = 4;

    private readonly DecimalMagnitude _magnitude;
    private readonly byte _scale;
    private readonly bool _isNegative;

    internal SqlDecimal(in DecimalMagnitude magnitude, int scale, bool isNegative)
    {
        _magnitude = magnitude;
        _scale = (byte)scale;
        _isNegative = isNegative && !magnitude.IsZero;
    }

    /// <summary>Makes the decimal of an integer.</summary>
    public SqlDecimal(long value)
    {
        _isNegative = value < 0;
        _magnitude = new DecimalMagnitude(value < 0 ? (ulong)(-(value + 1)) + 1 : (ulong)value);
    }

    /// <summary>Zero.</summary>
    public static SqlDecimal Zero => default;

    /// <summary>One.</summary>
    public static SqlDecimal One => new(1);

    /// <summary>Digits after the point that the value is written with.</summary>
    public int Scale => _scale;

    /// <summary>True below zero; zero has no sign.</summary>
    public bool IsNegative => _isNegative;

    /// <summary>True for zero of any scale.</summary>
    public bool IsZero => _magnitude.IsZero;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => IsZero ? 0 : _isNegative ? -1 : 1;

    /// <summary>Decimal digits of the unscaled magnitude; 1 for zero.</summary>
    public int DigitCount => Math.Max(1, _magnitude.DigitCount);

    /// <summary>Digits before the point; 0 below one.</summary>
    public int IntegerDigitCount => Math.Max(0, _magnitude.DigitCount - _scale);

    internal DecimalMagnitude Magnitude => _magnitude;

    /// <summary>Makes the decimal of an unsigned integer.</summary>
    public static SqlDecimal FromUInt64(ulong value) => new(new DecimalMagnitude(value), 0, false);

    /// <summary>Makes value / 10^scale.</summary>
    public static SqlDecimal FromScaled(long value, int scale)
    {
        var integer = new SqlDecimal(value);
        return new SqlDecimal(integer._magnitude, scale, integer._isNegative);
    }

    /// <summary>Makes value / 10^scale.</summary>
    internal static SqlDecimal FromScaled(Int128 value, int scale) =>
        new(new DecimalMagnitude((UInt128)(value < 0 ? -value : value)), scale, value < 0);

    /// <summary>Adds; false when more than 65 digits stand before the point.</summary>
    public static bool TryAdd(in SqlDecimal a, in SqlDecimal b, out SqlDecimal sum)
    {
        if (a._scale == b._scale && a._magnitude.IsOneWord && b._magnitude.IsOneWord)
        {
            // PERF: nearly all decimals; sums of two words cannot leave 65 digits.
            sum = FromScaled(SignedWord(a) + SignedWord(b), a._scale);
            return true;
        }

        int scale = Math.Max(a._scale, b._scale);
        if (!DecimalMagnitude.TryScaleUp(a._magnitude, scale - a._scale, out DecimalMagnitude left)
            || !DecimalMagnitude.TryScaleUp(b._magnitude, scale - b._scale, out DecimalMagnitude right)
            || (left.Word3 | right.Word3) >> 62 != 0)
        {
            return TryAddRounded(a, b, out sum);
        }

        if (a._isNegative == b._isNegative)
            return TryFit(DecimalMagnitude.Add(left, right), scale, a._isNegative, out sum);
        int order = left.CompareTo(right);
        return order >= 0
            ? TryFit(DecimalMagnitude.Subtract(left, right), scale, a._isNegative, out sum)
            : TryFit(DecimalMagnitude.Subtract(right, left), scale, b._isNegative, out sum);
    }

    /// <summary>Subtracts; false when more than 65 digits stand before the point.</summary>
    public static bool TrySubtract(in SqlDecimal a, in SqlDecimal b, out SqlDecimal difference) =>
        TryAdd(a, b.Negate(), out difference);

    /// <summary>Multiplies; the scale is the sum of both, at most 30. False on overflow.</summary>
    public static bool TryMultiply(in SqlDecimal a, in SqlDecimal b, out SqlDecimal product)
    {
        int scale = a._scale + b._scale;
        bool isNegative = a._isNegative != b._isNegative;
        if (a._magnitude.IsOneWord && b._magnitude.IsOneWord && scale <= ScaleMax)
        {
            UInt128 small = (UInt128)a._magnitude.Word0 * b._magnitude.Word0;
            product = new SqlDecimal(new DecimalMagnitude(small), scale, isNegative);   // 39 digits at most
            return true;
        }

        Span<ulong> wide = stackalloc ulong[8];
        DecimalMagnitude.Multiply(a._magnitude, b._magnitude, wide);
        return TryFitWide(wide, scale, ScaleMax, isNegative, truncate: false, out product);
    }

    /// <summary>
    /// Divides; false on overflow or division by zero. Like MySQL's, the quotient carries whole groups of nine digits
    /// after the point, at least the dividend's scale plus <paramref name="scaleIncrement"/>, and is cut, not rounded,
    /// there: the type of the expression, not the value, says how many are shown.
    /// </summary>
    public static bool TryDivide(in SqlDecimal a, in SqlDecimal b, int scaleIncrement, out SqlDecimal quotient)
    {
        quotient = default;
        if (b.IsZero)
            return false;
        int dividendGroups = (a._scale + 8) / 9 * 9;
        int divisorGroups = (b._scale + 8) / 9 * 9;
        int increment = Math.Max(0, scaleIncrement - (dividendGroups - a._scale) - (divisorGroups - b._scale));
        int scale = Math.Min(ScaleMax, (dividendGroups + divisorGroups + increment + 8) / 9 * 9);
        return TryDivideToScale(a, b, scale, out quotient);
    }

    /// <summary>Divides to a number of digits after the point, cutting the rest. False on overflow or zero divisor.</summary>
    public static bool TryDivideToScale(in SqlDecimal a, in SqlDecimal b, int scale, out SqlDecimal quotient)
    {
        quotient = default;
        if (b.IsZero)
            return false;
        Span<ulong> wide = stackalloc ulong[8];
        int exponent = scale + b._scale - a._scale;
        DecimalMagnitude divisor = b._magnitude;
        if (exponent >= 0)
        {
            DecimalMagnitude.Multiply(a._magnitude, DecimalMagnitude.PowerOfTen(exponent), wide);
        }
        else
        {
            DecimalMagnitude.Multiply(a._magnitude, new DecimalMagnitude(1), wide);
            if (!DecimalMagnitude.TryScaleUp(divisor, -exponent, out divisor))
            {
                // The divisor is beyond 2^256, the dividend below 10^65: the quotient is nothing.
                quotient = new SqlDecimal(default, scale, false);
                return true;
            }
        }

        bool isNegative = a._isNegative != b._isNegative;
        return DecimalMagnitude.TryDivide(wide, divisor, out DecimalMagnitude digits, out _)
            && TryFit(digits, scale, isNegative, out quotient);
    }

    /// <summary>The remainder with the dividend's sign; false for a zero divisor.</summary>
    public static bool TryModulo(in SqlDecimal a, in SqlDecimal b, out SqlDecimal remainder)
    {
        remainder = default;
        if (b.IsZero)
            return false;
        int scale = Math.Max(a._scale, b._scale);
        Span<ulong> wide = stackalloc ulong[8];
        DecimalMagnitude.Multiply(a._magnitude, DecimalMagnitude.PowerOfTen(scale - a._scale), wide);
        if (!DecimalMagnitude.TryScaleUp(b._magnitude, scale - b._scale, out DecimalMagnitude divisor))
            return false;
        DecimalMagnitude.TryDivide(wide, divisor, out _, out DecimalMagnitude rest);
        return TryFit(rest, scale, a._isNegative, out remainder);
    }

    /// <summary>The same magnitude with the other sign.</summary>
    public SqlDecimal Negate() => new(_magnitude, _scale, !_isNegative);

    /// <summary>The magnitude.</summary>
    public SqlDecimal Abs() => new(_magnitude, _scale, false);

    /// <summary>Rounds half away from zero to a scale, or writes zeros up to it; a negative scale rounds before the point.</summary>
    public SqlDecimal Round(int scale) => Rescale(scale, truncate: false);

    /// <summary>Cuts to a scale, or writes zeros up to it.</summary>
    public SqlDecimal Truncate(int scale) => Rescale(scale, truncate: true);

    /// <summary>The largest integer not above the value.</summary>
    public SqlDecimal Floor()
    {
        SqlDecimal cut = Truncate(0);
        if (!_isNegative || cut.CompareTo(this) == 0)
            return cut;
        TryAdd(cut, new SqlDecimal(-1), out SqlDecimal lower);
        return lower;
    }

    /// <summary>The smallest integer not below the value.</summary>
    public SqlDecimal Ceiling()
    {
        SqlDecimal cut = Truncate(0);
        if (_isNegative || cut.CompareTo(this) == 0)
            return cut;
        TryAdd(cut, One, out SqlDecimal upper);
        return upper;
    }

    /// <summary>True when the value, rounded to the scale, has at most precision digits.</summary>
    public bool TryFitTo(int precision, int scale, out SqlDecimal fitted)
    {
        fitted = Rescale(scale, truncate: false);
        return fitted._magnitude.CompareTo(DecimalMagnitude.PowerOfTen(precision)) < 0 && fitted._scale == scale;
    }

    /// <summary>The largest value of DECIMAL(precision, scale).</summary>
    public static SqlDecimal MaxOf(int precision, int scale) => new(
        DecimalMagnitude.Subtract(DecimalMagnitude.PowerOfTen(precision), new DecimalMagnitude(1)), scale, false);

    /// <summary>The nearest double.</summary>
    public double ToDouble()
    {
        if (_magnitude.IsOneWord && _magnitude.Word0 < 1UL << 53 && _scale <= 22)
        {
            double exact = _magnitude.Word0 / Math.Pow(10, _scale);
            return _isNegative ? -exact : exact;
        }

        Span<byte> text = stackalloc byte[80];
        int length = Format(text);
        return double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Rounds to an integer; false, with the nearest limit, when a signed 64-bit integer cannot hold it.</summary>
    public bool TryToInt64(out long value)
    {
        DecimalMagnitude rounded = DecimalMagnitude.ScaleDown(_magnitude, _scale);
        if (rounded.IsOneWord && rounded.Word0 <= (_isNegative ? 1UL << 63 : long.MaxValue))
        {
            value = unchecked(_isNegative ? -(long)rounded.Word0 : (long)rounded.Word0);
            return true;
        }

        value = _isNegative ? long.MinValue : long.MaxValue;
        return false;
    }

    /// <summary>Rounds to an integer; false, with the nearest limit, when an unsigned 64-bit integer cannot hold it.</summary>
    public bool TryToUInt64(out ulong value)
    {
        DecimalMagnitude rounded = DecimalMagnitude.ScaleDown(_magnitude, _scale);
        if (rounded.IsOneWord && (!_isNegative || rounded.IsZero))
        {
            value = rounded.Word0;
            return true;
        }

        value = _isNegative ? 0 : ulong.MaxValue;
        return false;
    }

    /// <summary>
    /// Makes the decimal that a double is written as, with 15 significant digits as MySQL does; false, with the limit,
    /// when it is too large.
    /// </summary>
    public static bool TryFromDouble(double value, out SqlDecimal result)
    {
        if (double.IsNaN(value))
        {
            result = default;
            return false;
        }

        Span<byte> text = stackalloc byte[40];
        return value.TryFormat(text, out int length, "E14", CultureInfo.InvariantCulture)
            ? TryParse(text[..length], out result, out _) == DecimalParseStatus.Parsed
            : Limit(value < 0, out result);
    }

    /// <summary>Reads the longest decimal at the start; see <see cref="DecimalParseStatus"/>.</summary>
    public static DecimalParseStatus TryParse(ReadOnlySpan<byte> text, out SqlDecimal value, out int consumed) =>
        DecimalText.Parse(text, out value, out consumed);

    /// <summary>Writes the value with all its digits; 70 bytes are always enough. Returns the length.</summary>
    public int Format(Span<byte> target) => DecimalText.Format(this, target);

    /// <summary>Compares values; 1.0 equals 1.00.</summary>
    public int CompareTo(SqlDecimal other)
    {
        if (_isNegative != other._isNegative)
            return _isNegative ? -1 : 1;
        int order = CompareMagnitudes(other);
        return _isNegative ? -order : order;
    }

    /// <summary>Equality of values; 1.0 equals 1.00.</summary>
    public bool Equals(SqlDecimal other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SqlDecimal other && Equals(other);

    /// <summary>Equal for equal values of whatever scale.</summary>
    public override int GetHashCode()
    {
        DecimalMagnitude digits = _magnitude;
        int scale = _scale;
        while (scale > 0)
        {
            DecimalMagnitude.Divide(digits, new DecimalMagnitude(10), out DecimalMagnitude shorter, out DecimalMagnitude last);
            if (!last.IsZero)
                break;
            digits = shorter;
            scale--;
        }

        return HashCode.Combine(digits, digits.IsZero ? 0 : scale, _isNegative);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[80];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Same value.</summary>
    public static bool operator ==(SqlDecimal left, SqlDecimal right) => left.Equals(right);

    /// <summary>Another value.</summary>
    public static bool operator !=(SqlDecimal left, SqlDecimal right) => !left.Equals(right);

    /// <summary>Below.</summary>
    public static bool operator <(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) < 0;

    /// <summary>Not above.</summary>
    public static bool operator <=(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) <= 0;

    /// <summary>Above.</summary>
    public static bool operator >(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) > 0;

    /// <summary>Not below.</summary>
    public static bool operator >=(SqlDecimal left, SqlDecimal right) => left.CompareTo(right) >= 0;

    /// <summary>Writes the unscaled value as a two's complement integer of the span's length, which must hold it.</summary>
    internal void WriteScaled(Span<byte> target)
    {
        DecimalMagnitude value = _isNegative ? Complement(_magnitude) : _magnitude;
        Span<byte> words = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(words, value.Word0);
        BinaryPrimitives.WriteUInt64LittleEndian(words[8..], value.Word1);
        BinaryPrimitives.WriteUInt64LittleEndian(words[16..], value.Word2);
        BinaryPrimitives.WriteUInt64LittleEndian(words[24..], value.Word3);
        words[..target.Length].CopyTo(target);
    }

    /// <summary>Reads what <see cref="WriteScaled"/> wrote.</summary>
    internal static SqlDecimal ReadScaled(ReadOnlySpan<byte> source, int scale)
    {
        if (source.Length == sizeof(long))
            return FromScaled(BinaryPrimitives.ReadInt64LittleEndian(source), scale);
        bool isNegative = source[^1] >= 0x80;
        Span<byte> words = stackalloc byte[32];
        words.Fill(isNegative ? (byte)0xFF : (byte)0);
        source.CopyTo(words);
        var value = new DecimalMagnitude(BinaryPrimitives.ReadUInt64LittleEndian(words),
            BinaryPrimitives.ReadUInt64LittleEndian(words[8..]), BinaryPrimitives.ReadUInt64LittleEndian(words[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(words[24..]));
        return new SqlDecimal(isNegative ? Complement(value) : value, scale, isNegative);
    }

    /// <summary>The unscaled value with its sign; for magnitudes of one word.</summary>
    private static Int128 SignedWord(in SqlDecimal value) =>
        value._isNegative ? -(Int128)value._magnitude.Word0 : value._magnitude.Word0;

    /// <summary>The unscaled value, where it has this scale and fits a word.</summary>
    internal bool TryGetWord(int scale, out Int128 value)
    {
        value = SignedWord(this);
        return _scale == scale && _magnitude.IsOneWord;
    }

    private static DecimalMagnitude Complement(in DecimalMagnitude value) => DecimalMagnitude.Add(
        new DecimalMagnitude(~value.Word0, ~value.Word1, ~value.Word2, ~value.Word3), new DecimalMagnitude(1));

    private static bool Limit(bool isNegative, out SqlDecimal limit)
    {
        limit = new SqlDecimal(MaxOf(PrecisionMax, 0)._magnitude, 0, isNegative);
        return false;
    }

    // One operand does not fit 256 bits at the common scale: digits after the point are given up for those before it.
    private static bool TryAddRounded(in SqlDecimal a, in SqlDecimal b, out SqlDecimal sum)
    {
        int integerDigits = Math.Max(a.IntegerDigitCount, b.IntegerDigitCount);
        int scale = Math.Max(0, PrecisionMax - integerDigits);
        SqlDecimal left = a._scale > scale ? a.Round(scale) : a;
        SqlDecimal right = b._scale > scale ? b.Round(scale) : b;
        return TryAdd(left, right, out sum);
    }

    private static bool TryFit(in DecimalMagnitude digits, int scale, bool isNegative, out SqlDecimal result)
    {
        if (digits.CompareTo(DecimalMagnitude.PowerOfTen(PrecisionMax)) < 0)
        {
            result = new SqlDecimal(digits, scale, isNegative);
            return true;
        }

        int excess = digits.DigitCount - PrecisionMax;
        if (excess > scale)
            return Limit(isNegative, out result);
        DecimalMagnitude rounded = DecimalMagnitude.ScaleDown(digits, excess);
        return TryFit(rounded, scale - excess, isNegative, out result);
    }

    private static bool TryFitWide(ReadOnlySpan<ulong> wide, int scale, int scaleMax, bool isNegative, bool truncate,
        out SqlDecimal result)
    {
        int excess = Math.Max(0, scale - scaleMax);
        for (; excess <= scale; excess++)
        {
            if (!DecimalMagnitude.TryDivide(wide, DecimalMagnitude.PowerOfTen(excess),
                out DecimalMagnitude digits, out DecimalMagnitude rest))
            {
                continue;
            }

            if (!truncate && DecimalMagnitude.IsHalfOrMore(rest, DecimalMagnitude.PowerOfTen(excess)) && excess > 0)
                digits = DecimalMagnitude.Add(digits, new DecimalMagnitude(1));
            return TryFit(digits, scale - excess, isNegative, out result);
        }

        return Limit(isNegative, out result);
    }

    private SqlDecimal Rescale(int scale, bool truncate)
    {
        if (scale == _scale)
            return this;
        if (scale > _scale)
        {
            scale = Math.Min(scale, ScaleMax);
            return DecimalMagnitude.TryScaleUp(_magnitude, scale - _scale, out DecimalMagnitude longer)
                && longer.CompareTo(DecimalMagnitude.PowerOfTen(PrecisionMax)) < 0
                ? new SqlDecimal(longer, scale, _isNegative)
                : this;
        }

        DecimalMagnitude shorter = DecimalMagnitude.ScaleDown(_magnitude, _scale - scale, truncate);
        if (scale >= 0)
            return new SqlDecimal(shorter, scale, _isNegative);
        return DecimalMagnitude.TryScaleUp(shorter, -scale, out DecimalMagnitude padded)
            ? new SqlDecimal(padded, 0, _isNegative)
            : default;
    }

    private int CompareMagnitudes(in SqlDecimal other)
    {
        if (_scale == other._scale)
            return _magnitude.CompareTo(other._magnitude);
        if (_scale > other._scale)
            return -other.CompareMagnitudes(this);
        return DecimalMagnitude.TryScaleUp(_magnitude, other._scale - _scale, out DecimalMagnitude scaled)
            ? scaled.CompareTo(other._magnitude)
            : 1;
    }
}
