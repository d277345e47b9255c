using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

/// <summary>Identity of a replicated database: the id of its genesis entry.</summary>
internal readonly record struct DatabaseId(Hash256 Hash) : IComparable<DatabaseId>
{
    /// <summary>Reads 32 bytes.</summary>
    public static DatabaseId Read(ReadOnlySpan<byte> source) => new(new Hash256(source[..Hash256.Length]));

    /// <summary>True for 32 zero bytes, which name nothing.</summary>
    public bool IsZero => Hash.IsZero;

    /// <inheritdoc/>
    public int CompareTo(DatabaseId other) => Hash.CompareTo(other.Hash);

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> target) => Hash.CopyTo(target);

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Hash.ToString();
}
