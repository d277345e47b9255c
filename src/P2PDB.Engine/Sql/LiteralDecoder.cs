using System.Buffers.Text;

namespace P2PDB.Engine.Sql;

/// <summary>Turns literal tokens into values. The fingerprint's user reads lifted literals with the same steps, so that both ways agree.</summary>
internal static class LiteralDecoder
{
    /// <summary>Digits as a number; false past 64 bits.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> digits, out ulong value) =>
        Utf8Parser.TryParse(digits, out value, out int consumed) && consumed == digits.Length;

    /// <summary>A number with an exponent; false where it is out of range.</summary>
    public static bool TryFloat(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

    /// <summary>The value of one string token, as a new array.</summary>
    public static byte[] String(ReadOnlySpan<byte> text, in Token token, in ParseOptions options)
    {
        ReadOnlySpan<byte> quoted = text.Slice(token.Start, token.Length);
        if (token.Kind == TokenKind.NationalString)
            quoted = quoted[1..];
        return Quoted(quoted, token.NeedsDecoding, !options.NoBackslashEscapes);
    }

    /// <summary>What stands between the quotes, as a new array.</summary>
    public static byte[] Quoted(ReadOnlySpan<byte> quoted, bool needsDecoding, bool hasEscapes)
    {
        ReadOnlySpan<byte> inner = quoted[1..^1];
        if (!needsDecoding)
            return inner.ToArray();
        byte[] value = new byte[inner.Length];
        int length = Unquote(inner, quoted[0], hasEscapes, value);
        return value.AsSpan(0, length).ToArray();
    }

    /// <summary>
    /// Resolves doubled quotes and (with <paramref name="hasEscapes"/>) backslashes of what stands between the quotes. The target needs at most the
    /// source's length and may be the source. Returns the length written.
    /// </summary>
    public static int Unquote(ReadOnlySpan<byte> inner, byte quote, bool hasEscapes, Span<byte> target)
    {
        int length = 0;
        for (int i = 0; i < inner.Length; i++)
        {
            byte value = inner[i];
            if (value == quote)
            {
                i++;
            }
            else if (value == '\\' && hasEscapes && i + 1 < inner.Length)
            {
                value = inner[++i];
                switch (value)
                {
                    case (byte)'0': value = 0; break;
                    case (byte)'b': value = 8; break;
                    case (byte)'n': value = 10; break;
                    case (byte)'r': value = 13; break;
                    case (byte)'t': value = 9; break;
                    case (byte)'Z': value = 26; break;
                    case (byte)'%' or (byte)'_':
                        // The backslash stays: it is for LIKE to read.
                        target[length++] = (byte)'\\';
                        break;
                    default:
                        break;
                }
            }

            target[length++] = value;
        }

        return length;
    }

    /// <summary>The bytes of 0x1F (an odd count of digits gets a leading zero) or x'1F'.</summary>
    public static byte[] Hex(ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> digits = token[1] == '\'' ? token[2..^1] : token[2..];
        byte[] value = new byte[(digits.Length + 1) / 2];
        int shift = digits.Length % 2;
        for (int i = 0; i < digits.Length; i++)
        {
            int place = i + shift;
            value[place / 2] |= (byte)(Nibble(digits[i]) << (place % 2 == 0 ? 4 : 0));
        }

        return value;
    }

    /// <summary>The bytes of 0b01 or b'01', right aligned.</summary>
    public static byte[] Bits(ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> digits = token[1] == '\'' ? token[2..^1] : token[2..];
        byte[] value = new byte[(digits.Length + 7) / 8];
        for (int i = 0; i < digits.Length; i++)
        {
            int place = digits.Length - 1 - i;
            if (digits[i] == '1')
                value[value.Length - 1 - (place / 8)] |= (byte)(1 << (place % 8));
        }

        return value;
    }

    private static int Nibble(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
