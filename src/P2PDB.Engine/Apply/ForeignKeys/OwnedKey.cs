namespace P2PDB.Engine.Apply.ForeignKeys;

/// <summary>A key and what it is a key of. Equal by owner and bytes.</summary>
internal readonly struct OwnedKey<T>(T owner, byte[] key) : IEquatable<OwnedKey<T>>
    where T : class
{
    /// <summary>What it is a key of.</summary>
    public T Owner { get; } = owner;

    /// <summary>The key.</summary>
    public byte[] Key { get; } = key;

    /// <inheritdoc/>
    public bool Equals(OwnedKey<T> other) => ReferenceEquals(Owner, other.Owner) && Key.AsSpan().SequenceEqual(other.Key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OwnedKey<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Owner));
        hash.AddBytes(Key);
        return hash.ToHashCode();
    }
}
