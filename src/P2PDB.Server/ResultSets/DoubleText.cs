// MySQL prints the fewest digits that read back as the same value (a FLOAT at most six), and takes the form with an
// exponent, written "1.5e20" or "1e-16", where the decimal point would lie beyond 15 digits on either side.
using System.Buffers.Text;
using System.Globalization;

namespace P2PDB.Server.ResultSets;

/// <summary>Floating-point numbers as text.</summary>
internal static class DoubleText
{
    private const int PointMax = 15;
    private const byte ScaleNotFixed = 31;
    private const int ScratchLength = 64;

    /// <summary>Writes the number and returns its length; <paramref name="target"/> must hold 400 bytes.</summary>
    public static int Format(Span<byte> target, double value, bool isSingle, byte scale)
    {
        if (scale is > 0 and < ScaleNotFixed)
        {
            Utf8Formatter.TryFormat(value, target, out int fixedLength, new System.Buffers.StandardFormat('F', scale));
            return fixedLength;
        }

        if (value == 0)
        {
            target[0] = (byte)'0';
            return 1;
        }

        // "E5" is six digits; "R" is the shortest form, in one of .NET's own layouts: only its digits are used.
        Span<byte> scratch = stackalloc byte[ScratchLength];
        int length;
        if (isSingle)
            value.TryFormat(scratch, out length, "E5", CultureInfo.InvariantCulture);
        else
            value.TryFormat(scratch, out length, "E16", CultureInfo.InvariantCulture);
        if (!isSingle)
            length = Shortest(value, scratch, length);

        Span<byte> digits = stackalloc byte[ScratchLength];
        int count = ReadDigits(scratch[..length], digits, out int point, out bool isNegative);
        int used = 0;
        if (isNegative)
            target[used++] = (byte)'-';
        return used + Layout(target[used..], digits[..count], point);
    }

    private static int Shortest(double value, Span<byte> scratch, int length) =>
        value.TryFormat(scratch, out int shorter, "R", CultureInfo.InvariantCulture) ? shorter : length;

    /// <summary>Takes the significant digits out of a number's text; the point lies after <paramref name="point"/> of them.</summary>
    private static int ReadDigits(ReadOnlySpan<byte> text, Span<byte> digits, out int point, out bool isNegative)
    {
        isNegative = text[0] == (byte)'-';
        if (isNegative)
            text = text[1..];

        int exponent = 0;
        int mark = text.IndexOf((byte)'E');
        if (mark >= 0)
        {
            ReadOnlySpan<byte> power = text[(mark + 1)..];
            if (power[0] == (byte)'+')
                power = power[1..];
            _ = Utf8Parser.TryParse(power, out exponent, out _);
            text = text[..mark];
        }

        int count = 0, integers = 0;
        bool isFraction = false;
        foreach (byte character in text)
        {
            if (character == (byte)'.')
            {
                isFraction = true;
                continue;
            }

            if (count == 0 && character == (byte)'0')
            {
                integers -= isFraction ? 1 : 0;   // zeros right after the point move it to the left
                continue;
            }

            digits[count++] = character;
            integers += isFraction ? 0 : 1;
        }

        while (count > 1 && digits[count - 1] == (byte)'0')
            count--;
        point = integers + exponent;
        return count;
    }

    private static int Layout(Span<byte> target, ReadOnlySpan<byte> digits, int point)
    {
        int used = 0;
        if (point is < 1 - PointMax or > PointMax)
        {
            target[used++] = digits[0];
            if (digits.Length > 1)
            {
                target[used++] = (byte)'.';
                digits[1..].CopyTo(target[used..]);
                used += digits.Length - 1;
            }

            target[used++] = (byte)'e';
            Utf8Formatter.TryFormat(point - 1, target[used..], out int length);
            return used + length;
        }

        if (point <= 0)
        {
            target[used++] = (byte)'0';
            target[used++] = (byte)'.';
            target.Slice(used, -point).Fill((byte)'0');
            used -= point;
            digits.CopyTo(target[used..]);
            return used + digits.Length;
        }

        int whole = Math.Min(point, digits.Length);
        digits[..whole].CopyTo(target);
        target.Slice(whole, point - whole).Fill((byte)'0');
        used = point;
        if (digits.Length > whole)
        {
            target[used++] = (byte)'.';
            digits[whole..].CopyTo(target[used..]);
            used += digits.Length - whole;
        }

        return used;
    }
}
