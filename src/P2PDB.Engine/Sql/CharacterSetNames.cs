namespace P2PDB.Engine.Sql;

/// <summary>The character sets that may introduce a literal (_utf8mb4'x').</summary>
internal static class CharacterSetNames
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "armscii8", "ascii", "big5", "binary", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932", "dec8", "eucjpms",
        "euckr", "gb18030", "gb2312", "gbk", "geostd8", "greek", "hebrew", "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2", "latin5",
        "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ucs2", "ujis", "utf16", "utf16le", "utf32", "utf8", "utf8mb3", "utf8mb4",
    };

    /// <summary>The known name behind an introducer's underscore, in lower case, or null.</summary>
    public static string? FromIntroducer(ReadOnlySpan<byte> word)
    {
        if (word.Length is < 4 or > 10 || word[0] != '_')
            return null;
        string name = System.Text.Encoding.Latin1.GetString(word[1..]);
        return Known.TryGetValue(name, out string? known) ? known : null;
    }
}
