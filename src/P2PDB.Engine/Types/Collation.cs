using P2PDB.Engine.Types.Collations;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types;

/// <summary>
/// An order of strings. Weights come from tables frozen in this repository, never from the system: index keys made of
/// them are replicated, so that they must be the same on every machine for ever. New weights are a new collation.
/// Instances are unique: compare them by reference.
/// </summary>
public abstract class Collation
{
    private protected Collation(string name, int id, string charset, int bytesPerCharacterMax, bool isPadSpace)
    {
        Name = name;
        Id = id;
        Charset = charset;
        BytesPerCharacterMax = bytesPerCharacterMax;
        IsPadSpace = isPadSpace;
    }

    /// <summary>The default for text: utf8mb4_0900_ai_ci.</summary>
    public static Collation Default => CollationCatalog.Utf8Mb40900AiCi;

    /// <summary>binary: bytes, without characters.</summary>
    public static Collation Binary => CollationCatalog.Binary;

    /// <summary>utf8mb4_bin: code points, trailing blanks ignored.</summary>
    public static Collation Utf8Mb4Bin => CollationCatalog.Utf8Mb4Bin;

    /// <summary>utf8mb4_general_ci.</summary>
    public static Collation Utf8Mb4GeneralCi => CollationCatalog.Utf8Mb4GeneralCi;

    /// <summary>MySQL's name.</summary>
    public string Name { get; }

    /// <summary>MySQL's number, which the protocol carries.</summary>
    public int Id { get; }

    /// <summary>The character set's name.</summary>
    public string Charset { get; }

    /// <summary>Bytes of the longest character in MySQL's view of the character set.</summary>
    public int BytesPerCharacterMax { get; }

    /// <summary>True where trailing blanks do not count in comparisons.</summary>
    public bool IsPadSpace { get; }

    /// <summary>True for the collation of byte strings.</summary>
    public bool IsBinary => ReferenceEquals(this, Binary);

    /// <summary>True where the order is that of the bytes (but for trailing blanks).</summary>
    public abstract bool IsBytewise { get; }

    /// <summary>All collations.</summary>
    public static IReadOnlyList<Collation> All => CollationCatalog.All;

    /// <summary>Finds a collation by MySQL's name, in any case; null when there is none.</summary>
    public static Collation? Find(string name) => CollationCatalog.Find(name);

    /// <summary>Finds a collation by MySQL's number; null when there is none.</summary>
    public static Collation? Find(int id) => CollationCatalog.Find(id);

    /// <summary>The default collation of a character set; null when the set is unknown.</summary>
    public static Collation? DefaultOf(string charset) => CollationCatalog.DefaultOf(charset);

    /// <summary>Below, equal or above zero.</summary>
    public abstract int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    /// <summary>True when the strings compare as equal.</summary>
    public virtual bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Compare(left, right) == 0;

    /// <summary>A hash that equal strings share; for tables in memory only, it differs between processes.</summary>
    public abstract int GetHashCode(ReadOnlySpan<byte> text);

    /// <summary>
    /// Appends the weights: comparing two such keys byte by byte gives the collation's order. The key has no terminator.
    /// </summary>
    public abstract void AppendSortKey(ReadOnlySpan<byte> text, ByteWriter target);

    /// <summary>
    /// Compares one character each, for LIKE: lengths are those of the UTF-8 sequences that begin both spans.
    /// </summary>
    public abstract bool CharactersEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Cuts trailing blanks where they do not count.</summary>
    private protected ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => IsPadSpace ? text.TrimEnd((byte)' ') : text;
}
