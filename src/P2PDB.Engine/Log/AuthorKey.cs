using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>The key one life of one node writes one database under. Names a chain of entries.</summary>
internal readonly record struct AuthorKey(PublicKey Key) : IComparable<AuthorKey>
{
    /// <summary>Reads 32 bytes.</summary>
    public static AuthorKey Read(ReadOnlySpan<byte> source) => new(new PublicKey(source[..PublicKey.Length]));

    /// <summary>True for 32 zero bytes, which name nothing.</summary>
    public bool IsZero => Key.IsZero;

    /// <inheritdoc/>
    public int CompareTo(AuthorKey other) => Key.CompareTo(other.Key);

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> target) => Key.CopyTo(target);

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Key.ToString();
}
