using P2PDB.Engine.Catalog;

namespace P2PDB.Engine.Apply;

/// <summary>A key of a unique index that several rows may claim. Equal by index and bytes.</summary>
internal sealed class SharedKey(IndexSchema index, byte[] key) : IEquatable<SharedKey>
{
    /// <summary>The index.</summary>
    public IndexSchema Index { get; } = index;

    /// <summary>The key in it.</summary>
    public byte[] Key { get; } = key;

    /// <inheritdoc/>
    public bool Equals(SharedKey? other) =>
        other is not null && ReferenceEquals(Index, other.Index) && Key.AsSpan().SequenceEqual(other.Key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SharedKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Index.Tree.Value);
        hash.AddBytes(Key);
        return hash.ToHashCode();
    }
}
