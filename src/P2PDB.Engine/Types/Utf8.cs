using System.Text;

namespace P2PDB.Engine.Types;

/// <summary>Characters of UTF-8 text; a byte that begins no valid sequence counts as one character.</summary>
public static class Utf8
{
    /// <summary>The code point that begins the text; U+FFFD and one byte for a malformed sequence.</summary>
    public static int Decode(ReadOnlySpan<byte> text, out int length)
    {
        byte first = text[0];
        if (first < 0x80)
        {
            length = 1;
            return first;
        }

        if (Rune.DecodeFromUtf8(text, out Rune rune, out length) == System.Buffers.OperationStatus.Done)
            return rune.Value;
        length = 1;
        return 0xFFFD;
    }

    /// <summary>Bytes of the character that begins the text, which is not empty.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> text)
    {
        if (text[0] < 0x80)
            return 1;
        Decode(text, out int length);
        return length;
    }

    /// <summary>How many characters the text has.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (!text.IsEmpty)
        {
            int ascii = text.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                return count + text.Length;
            count += ascii + 1;
            text = text[ascii..];
            text = text[LengthOfFirst(text)..];
        }

        return count;
    }

    /// <summary>Byte offset after <paramref name="count"/> characters, or the text's length when it has fewer.</summary>
    public static int OffsetOf(ReadOnlySpan<byte> text, long count)
    {
        int offset = 0;
        while (count > 0 && offset < text.Length)
        {
            offset += LengthOfFirst(text[offset..]);
            count--;
        }

        return offset;
    }

    /// <summary>True when all bytes belong to well-formed sequences.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => System.Text.Unicode.Utf8.IsValid(text);

    /// <summary>Writes a code point; returns its length, at most 4.</summary>
    public static int Encode(int codePoint, Span<byte> target) => new Rune(codePoint).EncodeToUtf8(target);
}
