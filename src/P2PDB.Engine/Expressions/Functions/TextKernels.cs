using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>The work of string functions on UTF-8 bytes.</summary>
internal static class TextKernels
{
    [ThreadStatic]
    private static ByteWriter? _scratch;

    /// <summary>An empty writer of this thread, for one result at a time.</summary>
    public static ByteWriter Scratch
    {
        get
        {
            ByteWriter scratch = _scratch ??= new ByteWriter();
            scratch.Clear();
            return scratch;
        }
    }

    /// <summary>Characters of text, bytes of binary strings.</summary>
    public static int Count(ColumnVector vector, int row) => vector.Type.IsBinaryString
        ? vector.GetBytes(row).Length
        : Utf8.CountCharacters(vector.GetBytes(row));

    /// <summary>Byte offset after some characters.</summary>
    public static int OffsetOf(SqlType type, ReadOnlySpan<byte> text, long count) =>
        type.IsBinaryString ? (int)Math.Min(text.Length, count) : Utf8.OffsetOf(text, count);

    /// <summary>SUBSTRING: 1-based, negative from the end.</summary>
    public static ReadOnlySpan<byte> Substring(SqlType type, ReadOnlySpan<byte> text, long position, long length)
    {
        if (position == 0 || length <= 0)
            return default;
        if (position < 0)
        {
            int count = type.IsBinaryString ? text.Length : Utf8.CountCharacters(text);
            if (-position > count)
                return default;
            position = count + position + 1;
        }

        ReadOnlySpan<byte> rest = text[OffsetOf(type, text, position - 1)..];
        return rest[..OffsetOf(type, rest, length)];
    }

    /// <summary>1-based character position of a needle from a 1-based start; 0 when absent.</summary>
    public static long Locate(Collation collation, ReadOnlySpan<byte> needle, ReadOnlySpan<byte> text, long start, bool isBinary)
    {
        if (start < 1)
            return 0;
        int at = isBinary ? (int)Math.Min(text.Length + 1L, start - 1) : Utf8.OffsetOf(text, start - 1);
        long position = start;
        if (at > text.Length || (at == text.Length && Utf8.CountCharacters(text) < start - 1))
            return 0;
        if (needle.IsEmpty)
            return position;
        int needleCount = isBinary ? needle.Length : Utf8.CountCharacters(needle);
        while (at < text.Length)
        {
            if (StartsWith(collation, text[at..], needle, needleCount, isBinary))
                return position;
            at += isBinary ? 1 : Utf8.LengthOfFirst(text[at..]);
            position++;
        }

        return 0;
    }

    /// <summary>Replaces all occurrences, bytes for bytes.</summary>
    public static void Replace(ReadOnlySpan<byte> text, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, ByteWriter target)
    {
        int at;
        while (!from.IsEmpty && (at = text.IndexOf(from)) >= 0)
        {
            target.Write(text[..at]);
            target.Write(to);
            text = text[(at + from.Length)..];
        }

        target.Write(text);
    }

    /// <summary>SUBSTRING_INDEX.</summary>
    public static ReadOnlySpan<byte> SubstringIndex(ReadOnlySpan<byte> text, ReadOnlySpan<byte> delimiter, long count)
    {
        if (delimiter.IsEmpty || count == 0)
            return default;
        if (count > 0)
        {
            int at = 0;
            for (; count > 0; count--)
            {
                int next = text[at..].IndexOf(delimiter);
                if (next < 0)
                    return text;
                at += next + delimiter.Length;
            }

            return text[..(at - delimiter.Length)];
        }

        int end = text.Length;
        for (; count < 0; count++)
        {
            end = text[..end].LastIndexOf(delimiter);
            if (end < 0)
                return text;
        }

        return text[(end + delimiter.Length)..];
    }

    /// <summary>Trims whole occurrences from the ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text, ReadOnlySpan<byte> what, bool atStart, bool atEnd)
    {
        if (what.IsEmpty)
            return text;
        while (atStart && text.StartsWith(what))
            text = text[what.Length..];
        while (atEnd && text.EndsWith(what))
            text = text[..^what.Length];
        return text;
    }

    /// <summary>Simple upper or lower case of each character.</summary>
    public static void ChangeCase(ReadOnlySpan<byte> text, bool toUpper, ByteWriter target)
    {
        while (!text.IsEmpty)
        {
            byte c = text[0];
            if (c < 0x80)
            {
                bool changes = toUpper ? c is >= (byte)'a' and <= (byte)'z' : c is >= (byte)'A' and <= (byte)'Z';
                target.WriteByte(changes ? (byte)(c ^ 0x20) : c);
                text = text[1..];
                continue;
            }

            if (Rune.DecodeFromUtf8(text, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
            {
                target.Write(text[..1]);
                text = text[1..];
                continue;
            }

            Rune changed = toUpper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune);
            target.Advance(changed.EncodeToUtf8(target.GetSpan(4)));
            text = text[length..];
        }
    }

    /// <summary>The characters in reverse.</summary>
    public static void Reverse(SqlType type, ReadOnlySpan<byte> text, Span<byte> target)
    {
        int end = target.Length;
        while (!text.IsEmpty)
        {
            int length = type.IsBinaryString ? 1 : Utf8.LengthOfFirst(text);
            end -= length;
            text[..length].CopyTo(target[end..]);
            text = text[length..];
        }
    }

    /// <summary>LPAD and RPAD; false for NULL.</summary>
    public static bool TryPad(SqlType type, ReadOnlySpan<byte> text, long length, ReadOnlySpan<byte> pad, bool isLeft, ByteWriter target)
    {
        if (length < 0)
            return false;
        int count = type.IsBinaryString ? text.Length : Utf8.CountCharacters(text);
        if (length <= count)
        {
            target.Write(text[..OffsetOf(type, text, length)]);
            return true;
        }

        if (pad.IsEmpty)
            return false;
        if (!isLeft)
            target.Write(text);
        long missing = length - count;
        int padCount = type.IsBinaryString ? pad.Length : Utf8.CountCharacters(pad);
        for (; missing >= padCount; missing -= padCount)
            target.Write(pad);
        target.Write(pad[..OffsetOf(type, pad, missing)]);
        if (isLeft)
            target.Write(text);
        return true;
    }

    /// <summary>Inserts thousands separators into a fixed-point number.</summary>
    public static void Group(ReadOnlySpan<byte> number, ByteWriter target)
    {
        int start = number.Length > 0 && number[0] == '-' ? 1 : 0;
        int point = number.IndexOf((byte)'.');
        int end = point < 0 ? number.Length : point;
        target.Write(number[..start]);
        for (int i = start; i < end; i++)
        {
            if (i > start && (end - i) % 3 == 0)
                target.WriteByte((byte)',');
            target.WriteByte(number[i]);
        }

        target.Write(number[end..]);
    }

    /// <summary>SOUNDEX of the Latin letters.</summary>
    public static void Soundex(ReadOnlySpan<byte> text, ByteWriter target)
    {
        const string Codes = "01230120022455012623010202";
        char last = '\0';
        foreach (byte raw in text)
        {
            char c = char.ToUpperInvariant((char)raw);
            if (!char.IsAsciiLetterUpper(c))
                continue;
            char code = Codes[c - 'A'];
            if (target.Length == 0)
                target.WriteByte((byte)c);
            else if (code != '0' && code != last)
                target.WriteByte((byte)code);
            if (target.Length <= 1 || code != '0')
                last = code;
        }

        while (target.Length is > 0 and < 4)
            target.WriteByte((byte)'0');
    }

    private static bool StartsWith(Collation collation, ReadOnlySpan<byte> text, ReadOnlySpan<byte> needle, int count, bool isBinary)
    {
        if (collation.IsBytewise || isBinary)
            return text.StartsWith(needle);
        int length = Utf8.OffsetOf(text, count);
        return Utf8.CountCharacters(text[..length]) == count && collation.Equals(text[..length], needle);
    }
}
