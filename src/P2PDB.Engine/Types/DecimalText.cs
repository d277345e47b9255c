namespace P2PDB.Engine.Types;

// Decimals as text: [sign] digits [. digits] [e [sign] digits], blanks before it skipped.
internal static class DecimalText
{
    /// <summary>Significant digits kept while reading; later ones cannot change 65 digits but by rounding.</summary>
    private const int SignificantMax = 76;

    public static DecimalParseStatus Parse(ReadOnlySpan<byte> text, out SqlDecimal value, out int consumed)
    {
        int at = 0;
        while (at < text.Length && text[at] is (byte)' ' or >= 9 and <= 13)
            at++;
        bool isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;

        DecimalMagnitude digits = default;
        ulong chunk = 0;
        int chunkDigits = 0;
        int significant = 0, scale = 0, dropped = 0, seen = 0;
        bool inFraction = false;
        for (; at < text.Length; at++)
        {
            byte c = text[at];
            if (c == '.' && !inFraction)
            {
                inFraction = true;
                continue;
            }

            if (!char.IsAsciiDigit((char)c))
                break;
            seen++;
            if (significant >= SignificantMax)
            {
                dropped += inFraction ? 0 : 1;
                continue;
            }

            if (significant > 0 || c != '0')
                significant++;
            scale += inFraction ? 1 : 0;
            chunk = (chunk * 10) + (ulong)(c - '0');
            if (++chunkDigits == 18)
            {
                digits = Append(digits, chunk, chunkDigits);
                chunk = 0;
                chunkDigits = 0;
            }
        }

        if (seen == 0)
        {
            value = default;
            consumed = 0;
            return DecimalParseStatus.Empty;
        }

        digits = Append(digits, chunk, chunkDigits);
        consumed = at;
        long exponent = ReadExponent(text, ref consumed) + dropped;
        return Scale(digits, scale - exponent, isNegative, out value);
    }

    public static int Format(in SqlDecimal value, Span<byte> target)
    {
        int length = 0;
        if (value.IsNegative)
            target[length++] = (byte)'-';
        DecimalMagnitude magnitude = value.Magnitude;
        int scale = value.Scale;
        int digitCount = Math.Max(magnitude.DigitCount, scale + 1);
        magnitude.WriteDigits(target.Slice(length, digitCount));
        length += digitCount;
        if (scale > 0)
        {
            target[(length - scale)..length].CopyTo(target[(length - scale + 1)..]);
            target[length - scale] = (byte)'.';
            length++;
        }

        return length;
    }

    private static DecimalMagnitude Append(in DecimalMagnitude digits, ulong chunk, int count)
    {
        DecimalMagnitude.TryScaleUp(digits, count, out DecimalMagnitude shifted);
        return DecimalMagnitude.Add(shifted, new DecimalMagnitude(chunk));
    }

    // An exponent counts only with a digit: "1e" is 1 followed by rubbish.
    private static long ReadExponent(ReadOnlySpan<byte> text, ref int consumed)
    {
        int at = consumed;
        if (at >= text.Length || (text[at] | 0x20) != 'e')
            return 0;
        at++;
        bool isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;
        if (at >= text.Length || !char.IsAsciiDigit((char)text[at]))
            return 0;
        long exponent = 0;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
            exponent = Math.Min(100_000, (exponent * 10) + text[at] - '0');
        consumed = at;
        return isNegative ? -exponent : exponent;
    }

    private static DecimalParseStatus Scale(in DecimalMagnitude digits, long scale, bool isNegative, out SqlDecimal value)
    {
        DecimalMagnitude magnitude = digits;
        if (magnitude.IsZero)
        {
            value = new SqlDecimal(default, (int)Math.Clamp(scale, 0, SqlDecimal.ScaleMax), false);
            return DecimalParseStatus.Parsed;
        }

        int integerDigits = (int)Math.Clamp(magnitude.DigitCount - scale, -200_000, 200_000);
        if (integerDigits > SqlDecimal.PrecisionMax)
        {
            value = new SqlDecimal(SqlDecimal.MaxOf(SqlDecimal.PrecisionMax, 0).Magnitude, 0, isNegative);
            return DecimalParseStatus.Overflow;
        }

        if (scale < 0)
        {
            DecimalMagnitude.TryScaleUp(magnitude, (int)-scale, out magnitude);
            scale = 0;
        }

        int kept = Math.Min(SqlDecimal.ScaleMax, SqlDecimal.PrecisionMax - Math.Max(0, integerDigits));
        if (scale > kept)
        {
            magnitude = DecimalMagnitude.ScaleDown(magnitude, (int)Math.Min(scale - kept, 1000));
            scale = kept;
        }

        if (magnitude.CompareTo(DecimalMagnitude.PowerOfTen(SqlDecimal.PrecisionMax)) >= 0)
        {
            // Rounding carried into a 66th digit: one digit after the point goes, or the value overflows.
            if (scale == 0)
            {
                value = new SqlDecimal(SqlDecimal.MaxOf(SqlDecimal.PrecisionMax, 0).Magnitude, 0, isNegative);
                return DecimalParseStatus.Overflow;
            }

            magnitude = DecimalMagnitude.ScaleDown(magnitude, 1);
            scale--;
        }

        value = new SqlDecimal(magnitude, (int)scale, isNegative);
        return DecimalParseStatus.Parsed;
    }
}
