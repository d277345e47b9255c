using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>The most that a text column holds. What a merge makes longer shows up to there.</summary>
/// <param name="Length">Characters, or bytes.</param>
/// <param name="CountsCharacters">True for CHAR and VARCHAR, false for the TEXTs.</param>
internal readonly record struct TextLimit(uint Length, bool CountsCharacters)
{
    /// <summary>The limit as one number.</summary>
    public ulong Encoded => ((ulong)Length << 1) | (CountsCharacters ? 1UL : 0);

    /// <summary>The limit of a column's type.</summary>
    public static TextLimit Of(SqlType type) => type.Kind switch
    {
        SqlTypeKind.TinyText => new(byte.MaxValue, false),
        SqlTypeKind.Text => new(ushort.MaxValue, false),
        SqlTypeKind.MediumText => new((1 << 24) - 1, false),
        SqlTypeKind.LongText => new(uint.MaxValue, false),
        _ => new((uint)type.Length, true),
    };

    /// <summary>Reads <see cref="Encoded"/>; false where it is none.</summary>
    public static bool TryDecode(ulong encoded, out TextLimit limit)
    {
        limit = new TextLimit((uint)(encoded >> 1), (encoded & 1) != 0);
        return encoded >> 33 == 0;
    }

    /// <summary>How many bytes of a text are within the limit; no character is cut in two.</summary>
    public int Fit(ReadOnlySpan<byte> text)
    {
        if ((uint)text.Length <= Length)
            return text.Length;
        int end = CountsCharacters ? 0 : (int)Length;
        if (CountsCharacters)
        {
            long left = Length;
            while (end < text.Length && (!IsStart(text[end]) || left-- > 0))
                end++;
            return end;
        }

        while (end > 0 && !IsStart(text[end]))
            end--;
        return end;
    }

    /// <summary>True for the first byte of a character in UTF-8.</summary>
    public static bool IsStart(byte value) => (value & 0xC0) != 0x80;
}
