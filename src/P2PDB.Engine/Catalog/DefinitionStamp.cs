using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// Where a definition stands in the one total order, in full: definitions are few, so their stamps name author and entry
/// themselves and mean the same on every node. The default comes before every stamp.
/// </summary>
/// <param name="Hlc">Time of the entry.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Entry">Id of the entry.</param>
/// <param name="Op">0-based index of the operation in the entry.</param>
internal readonly record struct DefinitionStamp(HlcTimestamp Hlc, PublicKey Author, Hash256 Entry, uint Op)
    : IComparable<DefinitionStamp>
{
    /// <summary>One that comes after every stamp.</summary>
    public static DefinitionStamp Latest { get; } = new(new HlcTimestamp(ulong.MaxValue), default, default, uint.MaxValue);

    /// <summary>True for the default, which no operation has.</summary>
    public bool IsNone => Hlc.Value == 0;

    /// <inheritdoc/>
    public int CompareTo(DefinitionStamp other)
    {
        int order = Hlc.Value.CompareTo(other.Hlc.Value);
        if (order == 0)
            order = Author.CompareTo(other.Author);
        if (order == 0)
            order = Entry.CompareTo(other.Entry);
        return order != 0 ? order : Op.CompareTo(other.Op);
    }

    /// <summary>Order of the total order.</summary>
    public static bool operator >(DefinitionStamp left, DefinitionStamp right) => left.CompareTo(right) > 0;

    /// <summary>Order of the total order.</summary>
    public static bool operator <(DefinitionStamp left, DefinitionStamp right) => left.CompareTo(right) < 0;

    /// <summary>Order of the total order.</summary>
    public static bool operator >=(DefinitionStamp left, DefinitionStamp right) => left.CompareTo(right) >= 0;

    /// <summary>Order of the total order.</summary>
    public static bool operator <=(DefinitionStamp left, DefinitionStamp right) => left.CompareTo(right) <= 0;
}
