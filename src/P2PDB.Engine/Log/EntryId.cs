using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

/// <summary>Identity of a log entry: the hash of its header. Equal ids mean equal header and body.</summary>
internal readonly record struct EntryId(Hash256 Hash) : IComparable<EntryId>
{
    /// <summary>Reads 32 bytes.</summary>
    public static EntryId Read(ReadOnlySpan<byte> source) => new(new Hash256(source[..Hash256.Length]));

    /// <summary>True for 32 zero bytes, which name nothing.</summary>
    public bool IsZero => Hash.IsZero;

    /// <inheritdoc/>
    public int CompareTo(EntryId other) => Hash.CompareTo(other.Hash);

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> target) => Hash.CopyTo(target);

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Hash.ToString();
}
