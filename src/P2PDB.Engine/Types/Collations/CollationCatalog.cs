using System.Collections.Frozen;

namespace P2PDB.Engine.Types.Collations;

// The collations there are, under MySQL's names and numbers. An alias is listed only where the order is the same for
// the strings its character set can hold.
internal static class CollationCatalog
{
    public static readonly Collation Binary = new BytewiseCollation("binary", 63, "binary", 1, isPadSpace: false);

    public static readonly Collation Utf8Mb4Bin =
        new BytewiseCollation("utf8mb4_bin", 46, "utf8mb4", 4, isPadSpace: true);

    public static readonly Collation Utf8Mb40900AiCi =
        new UnicodeCollation("utf8mb4_0900_ai_ci", 255, "utf8mb4", 4, isPadSpace: false);

    public static readonly Collation Utf8Mb4GeneralCi =
        new FoldingCollation("utf8mb4_general_ci", 45, "utf8mb4", 4);

    public static readonly Collation[] All =
    [
        Binary,
        Utf8Mb40900AiCi,
        Utf8Mb4GeneralCi,
        Utf8Mb4Bin,
        new BytewiseCollation("utf8mb4_0900_bin", 309, "utf8mb4", 4, isPadSpace: false),
        new UnicodeCollation("utf8mb4_unicode_ci", 224, "utf8mb4", 4, isPadSpace: true),
        new UnicodeCollation("utf8mb4_unicode_520_ci", 246, "utf8mb4", 4, isPadSpace: true),
        new FoldingCollation("utf8mb3_general_ci", 33, "utf8mb3", 3),
        new BytewiseCollation("utf8mb3_bin", 83, "utf8mb3", 3, isPadSpace: true),
        new UnicodeCollation("utf8mb3_unicode_ci", 192, "utf8mb3", 3, isPadSpace: true),
        new FoldingCollation("latin1_swedish_ci", 8, "latin1", 1),
        new BytewiseCollation("latin1_bin", 47, "latin1", 1, isPadSpace: true),
        new FoldingCollation("latin1_general_ci", 48, "latin1", 1),
        new FoldingCollation("ascii_general_ci", 11, "ascii", 1),
        new BytewiseCollation("ascii_bin", 65, "ascii", 1, isPadSpace: true),
    ];

    private static readonly FrozenDictionary<string, Collation> ByName =
        All.ToFrozenDictionary(collation => collation.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<int, Collation> ById = All.ToFrozenDictionary(collation => collation.Id);

    public static Collation? Find(string name)
    {
        if (name.StartsWith("utf8_", StringComparison.OrdinalIgnoreCase))
            name = "utf8mb3" + name[4..];
        return ByName.GetValueOrDefault(name);
    }

    public static Collation? Find(int id) => ById.GetValueOrDefault(id);

    public static Collation? DefaultOf(string charset) => charset.ToUpperInvariant() switch
    {
        "UTF8MB4" => Utf8Mb40900AiCi,
        "UTF8" or "UTF8MB3" => Find(33),
        "LATIN1" => Find(8),
        "ASCII" => Find(11),
        "BINARY" => Binary,
        _ => null,
    };
}
