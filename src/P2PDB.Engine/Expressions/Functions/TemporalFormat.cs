using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>DATE_FORMAT, TIME_FORMAT and STR_TO_DATE patterns, in English.</summary>
internal static class TemporalFormat
{
    public static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"];

    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>Writes a date by a pattern; false for NULL (a name of a month or day that there is not).</summary>
    public static bool TryFormat(TemporalValue date, long hours, ReadOnlySpan<byte> pattern, ByteWriter target)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                target.WriteByte(pattern[i]);
                continue;
            }

            if (!TryFormatPart(date, hours, pattern[++i], target))
                return false;
        }

        return true;
    }

    /// <summary>Reads a text by a pattern; parts that the pattern does not name are zero.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, Span<int> parts, out bool isWhole)
    {
        // Parts: year, month, day, hour, minute, second, microsecond, afternoon (1 AM, 2 PM), day of year.
        int at = 0;
        isWhole = true;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == ' ')
            {
                while (at < text.Length && text[at] == ' ')
                    at++;
                continue;
            }

            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                while (at < text.Length && text[at] == ' ' && pattern[i] != ' ')
                    at++;
                if (at >= text.Length)
                    return true;
                if (text[at++] != pattern[i])
                    return false;
                continue;
            }

            while (at < text.Length && text[at] == ' ')
                at++;
            if (at >= text.Length)
                return true;
            if (!TryParsePart(text, ref at, pattern[++i], parts))
                return false;
        }

        isWhole = text[at..].Trim((byte)' ').IsEmpty;
        return true;
    }

    private static bool TryFormatPart(TemporalValue date, long hours, byte part, ByteWriter target)
    {
        int hour12 = (int)((hours % 24 + 11) % 12) + 1;
        switch ((char)part)
        {
            case 'Y': Pad(target, date.Year, 4); break;
            case 'y': Pad(target, date.Year % 100, 2); break;
            case 'm': Pad(target, date.Month, 2); break;
            case 'c': Pad(target, date.Month, 1); break;
            case 'd': Pad(target, date.Day, 2); break;
            case 'e': Pad(target, date.Day, 1); break;
            case 'H': Pad(target, (int)hours, 2); break;
            case 'k': Pad(target, (int)hours, 1); break;
            case 'h' or 'I': Pad(target, hour12, 2); break;
            case 'l': Pad(target, hour12, 1); break;
            case 'i': Pad(target, date.Minute, 2); break;
            case 's' or 'S': Pad(target, date.Second, 2); break;
            case 'f': Pad(target, date.Microsecond, 6); break;
            case 'p': target.Write(hours % 24 < 12 ? "AM"u8 : "PM"u8); break;
            case 'j': Pad(target, date.HasZeroPart ? 0 : date.DayNumber - TemporalValue.ToDayNumber(date.Year, 1, 1) + 1, 3); break;
            case 'D':
                Pad(target, date.Day, 1);
                target.Write(OrdinalSuffix(date.Day));
                break;
            case 'T' or 'r':
                Pad(target, part == 'r' ? hour12 : (int)hours, 2);
                target.WriteByte((byte)':');
                Pad(target, date.Minute, 2);
                target.WriteByte((byte)':');
                Pad(target, date.Second, 2);
                if (part == 'r')
                    target.Write(hours % 24 < 12 ? " AM"u8 : " PM"u8);
                break;
            case 'M' or 'b' when date.Month == 0:
                return false;
            case 'M': WriteName(target, Months[date.Month - 1], 20); break;
            case 'b': WriteName(target, Months[date.Month - 1], 3); break;
            case 'W' or 'a' or 'w' or 'u' or 'U' or 'v' or 'V' or 'x' or 'X' when date.HasZeroPart:
                return false;
            case 'W': WriteName(target, Days[Calendar.Weekday(date)], 20); break;
            case 'a': WriteName(target, Days[Calendar.Weekday(date)], 3); break;
            case 'w': Pad(target, (Calendar.Weekday(date) + 1) % 7, 1); break;
            case 'U': Pad(target, Calendar.Week(date, 0, out _), 2); break;
            case 'u': Pad(target, Calendar.Week(date, 1, out _), 2); break;
            case 'V': Pad(target, Calendar.Week(date, 2, out _), 2); break;
            case 'v': Pad(target, Calendar.Week(date, 3, out _), 2); break;
            case 'X':
                Calendar.Week(date, 2, out int sundayYear);
                Pad(target, sundayYear, 4);
                break;
            case 'x':
                Calendar.Week(date, 3, out int mondayYear);
                Pad(target, mondayYear, 4);
                break;
            default: target.WriteByte(part); break;
        }

        return true;
    }

    private static ReadOnlySpan<byte> OrdinalSuffix(int day) => (day % 100) is >= 10 and <= 19 ? "th"u8
        : (day % 10) switch { 1 => "st"u8, 2 => "nd"u8, 3 => "rd"u8, _ => "th"u8 };

    private static void Pad(ByteWriter target, int value, int width)
    {
        Span<byte> digits = stackalloc byte[12];
        int length = NumberText.Format(value, isUnsigned: false, digits);
        for (int i = length; i < width; i++)
            target.WriteByte((byte)'0');
        target.Write(digits[..length]);
    }

    private static void WriteName(ByteWriter target, string name, int length)
    {
        foreach (char c in name.AsSpan(0, Math.Min(length, name.Length)))
            target.WriteByte((byte)c);
    }

    private static bool TryParsePart(ReadOnlySpan<byte> text, ref int at, byte part, Span<int> parts)
    {
        switch ((char)part)
        {
            case 'Y': return TryDigits(text, ref at, 4, out parts[0]) && FixYear(ref parts[0], at, text);
            case 'y':
                bool ok = TryDigits(text, ref at, 2, out parts[0]);
                parts[0] += parts[0] < 70 ? 2000 : 1900;
                return ok;
            case 'm' or 'c': return TryDigits(text, ref at, 2, out parts[1]);
            case 'd' or 'e': return TryDigits(text, ref at, 2, out parts[2]);
            case 'D':
                bool hasDay = TryDigits(text, ref at, 2, out parts[2]);
                at = Math.Min(at + 2, text.Length);
                return hasDay;
            case 'H' or 'k': return TryDigits(text, ref at, 2, out parts[3]);
            case 'h' or 'I' or 'l':
                parts[7] |= 4;
                return TryDigits(text, ref at, 2, out parts[3]) && parts[3] is >= 1 and <= 12;
            case 'i': return TryDigits(text, ref at, 2, out parts[4]);
            case 's' or 'S': return TryDigits(text, ref at, 2, out parts[5]);
            case 'j': return TryDigits(text, ref at, 3, out parts[8]);
            case 'f':
                int start = at;
                bool hasFraction = TryDigits(text, ref at, 6, out parts[6]);
                parts[6] *= TemporalText.PowerOfTen(6 - (at - start));
                return hasFraction;
            case 'p':
                if (at + 2 > text.Length || (text[at + 1] | 0x20) != 'm')
                    return false;
                parts[7] |= (text[at] | 0x20) == 'p' ? 2 : 1;
                at += 2;
                return true;
            case 'M': return TryName(text, ref at, Months, 20, out parts[1]);
            case 'b': return TryName(text, ref at, Months, 3, out parts[1]);
            case 'W': return TryName(text, ref at, Days, 20, out _);
            case 'a': return TryName(text, ref at, Days, 3, out _);
            case 'w': return TryDigits(text, ref at, 1, out _);
            case 'T': return TryParse(text, ref at, "%H:%i:%S"u8, parts);
            case 'r': return TryParse(text, ref at, "%h:%i:%S %p"u8, parts);
            case '#':
                while (at < text.Length && char.IsAsciiDigit((char)text[at]))
                    at++;
                return true;
            default: return text[at++] == part;
        }
    }

    private static bool FixYear(ref int year, int at, ReadOnlySpan<byte> text)
    {
        int digits = 0;
        while (digits < at && char.IsAsciiDigit((char)text[at - 1 - digits]) && digits < 4)
            digits++;
        if (digits <= 2)
            year += year < 70 ? 2000 : 1900;
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> pattern, Span<int> parts)
    {
        for (int i = 0; i < pattern.Length && at < text.Length; i++)
        {
            if (pattern[i] == '%')
            {
                if (!TryParsePart(text, ref at, pattern[++i], parts))
                    return false;
            }
            else if (text[at++] != pattern[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, ref int at, int count, out int value)
    {
        value = 0;
        int start = at;
        while (at < text.Length && at - start < count && char.IsAsciiDigit((char)text[at]))
            value = (value * 10) + text[at++] - '0';
        return at > start;
    }

    private static bool TryName(ReadOnlySpan<byte> text, ref int at, string[] names, int length, out int number)
    {
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i][..Math.Min(length, names[i].Length)];
            if (text.Length - at < name.Length || !System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, name.Length), name))
                continue;
            at += name.Length;
            number = i + 1;
            return true;
        }

        number = 0;
        return false;
    }
}
