using System.Buffers.Text;
using System.Globalization;

namespace P2PDB.Engine.Types;

/// <summary>
/// Numbers as text, as MySQL writes and reads them. Doubles have the fewest digits that read back as the same value,
/// floats at most six; both are written with an exponent when they are below 1e-15 or from 1e15 on.
/// </summary>
public static class NumberText
{
    /// <summary>Room that every number but a fixed-point double fits into.</summary>
    public const int LengthMax = 80;

    /// <summary>Room for a double in fixed notation.</summary>
    public const int FixedLengthMax = 360;

    private const int PlainExponentMax = 15;

    /// <summary>Writes an integer; returns the length.</summary>
    public static int Format(long value, bool isUnsigned, Span<byte> target)
    {
        int length;
        if (isUnsigned)
            Utf8Formatter.TryFormat(unchecked((ulong)value), target, out length);
        else
            Utf8Formatter.TryFormat(value, target, out length);
        return length;
    }

    /// <summary>Writes a double with as many digits as needed; returns the length.</summary>
    public static int Format(double value, Span<byte> target)
    {
        Span<byte> shortest = stackalloc byte[40];
        value.TryFormat(shortest, out int shortLength, "R", CultureInfo.InvariantCulture);
        return Layout(shortest[..shortLength], target);
    }

    /// <summary>Writes a float with at most six significant digits; returns the length.</summary>
    public static int FormatFloat(double value, Span<byte> target)
    {
        Span<byte> raw = stackalloc byte[40];
        ((float)value).TryFormat(raw, out int length, "E5", CultureInfo.InvariantCulture);
        return Layout(raw[..length], target);
    }

    /// <summary>Writes a double with a fixed number of digits after the point; returns the length.</summary>
    public static int FormatFixed(double value, int scale, Span<byte> target)
    {
        Span<char> format = ['F', '0', '0'];
        format[1] = (char)('0' + (scale / 10));
        format[2] = (char)('0' + (scale % 10));
        value.TryFormat(target, out int length, format, CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>
    /// Reads the longest number at the start of a text, blanks before it skipped; the value is 0 without one.
    /// <paramref name="isWhole"/> is false when anything but blanks follows or nothing was read.
    /// </summary>
    public static double ParseDouble(ReadOnlySpan<byte> text, out bool isWhole)
    {
        int length = NumberLength(text, out int start);
        isWhole = length > 0 && text[(start + length)..].TrimEnd(" \t\r\n\f\v"u8).IsEmpty;
        if (length == 0)
            return 0;
        double value = double.Parse(text.Slice(start, length), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsInfinity(value) ? Math.CopySign(double.MaxValue, value) : value;
    }

    /// <summary>
    /// Reads the integer at the start of a text as CAST(… AS SIGNED) does: digits only, no point or exponent.
    /// </summary>
    public static long ParseInteger(ReadOnlySpan<byte> text, out bool isUnsigned, out bool isWhole, out bool isOverflow)
    {
        int at = 0;
        while (at < text.Length && IsBlank(text[at]))
            at++;
        bool isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;
        int start = at;
        ulong value = 0;
        isOverflow = false;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
        {
            UInt128 next = ((UInt128)value * 10) + (ulong)(text[at] - '0');
            isOverflow |= next > ulong.MaxValue;
            value = isOverflow ? ulong.MaxValue : (ulong)next;
        }

        isWhole = at > start && text[at..].TrimEnd(" \t\r\n\f\v"u8).IsEmpty;
        isUnsigned = !isNegative && value > long.MaxValue;
        if (!isNegative)
            return unchecked((long)value);
        isOverflow |= value > 1UL << 63;
        return value > 1UL << 63 ? long.MinValue : unchecked(-(long)value);
    }

    /// <summary>Length of the number that begins after the blanks at the start.</summary>
    internal static int NumberLength(ReadOnlySpan<byte> text, out int start)
    {
        int at = 0;
        while (at < text.Length && IsBlank(text[at]))
            at++;
        start = at;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;
        int digits = 0;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
            digits++;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
                digits++;
        }

        if (digits == 0)
            return 0;
        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            int exponent = at + 1;
            if (exponent < text.Length && text[exponent] is (byte)'-' or (byte)'+')
                exponent++;
            int first = exponent;
            while (exponent < text.Length && char.IsAsciiDigit((char)text[exponent]))
                exponent++;
            if (exponent > first)
                at = exponent;
        }

        return at - start;
    }

    private static bool IsBlank(byte c) => c is (byte)' ' or >= 9 and <= 13;

    // Takes "-1.25E+10" or "0.00125" apart into digits and the place of the point, and lays them out as MySQL does.
    private static int Layout(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Span<byte> digits = stackalloc byte[40];
        int count = 0, point = -1, exponent = 0, length = 0;
        for (int i = 0; i < source.Length; i++)
        {
            byte c = source[i];
            if (c == '-' && i == 0)
            {
                target[length++] = c;
            }
            else if (c == '.')
            {
                point = count;
            }
            else if (c == 'E')
            {
                _ = Utf8Parser.TryParse(source[(i + 1)..].TrimStart((byte)'+'), out exponent, out _);
                break;
            }
            else
            {
                digits[count++] = c;
            }
        }

        point = (point < 0 ? count : point) + exponent;
        int leading = 0;
        while (leading < count - 1 && digits[leading] == '0')
            leading++;
        digits = digits[leading..count];
        point -= leading;
        while (digits.Length > 1 && digits[^1] == '0')
            digits = digits[..^1];
        if (digits is [(byte)'0'])
            return Put(target, 0, digits);
        return point is > PlainExponentMax or <= -PlainExponentMax
            ? LayoutScientific(digits, point - 1, target, length)
            : LayoutPlain(digits, point, target, length);
    }

    private static int Put(Span<byte> target, int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[length..]);
        return length + bytes.Length;
    }

    private static int LayoutScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> target, int length)
    {
        target[length++] = digits[0];
        if (digits.Length > 1)
        {
            target[length++] = (byte)'.';
            length = Put(target, length, digits[1..]);
        }

        target[length++] = (byte)'e';
        Utf8Formatter.TryFormat(exponent, target[length..], out int written);
        return length + written;
    }

    private static int LayoutPlain(ReadOnlySpan<byte> digits, int point, Span<byte> target, int length)
    {
        if (point <= 0)
        {
            length = Put(target, length, "0."u8);
            target.Slice(length, -point).Fill((byte)'0');
            return Put(target, length - point, digits);
        }

        if (point >= digits.Length)
        {
            length = Put(target, length, digits);
            target.Slice(length, point - digits.Length).Fill((byte)'0');
            return length + point - digits.Length;
        }

        length = Put(target, length, digits[..point]);
        target[length++] = (byte)'.';
        return Put(target, length, digits[point..]);
    }
}
