namespace P2PDB.Engine.Apply;

/// <summary>Equality of byte arrays by content.</summary>
internal sealed class ByteArrayEquality : IEqualityComparer<byte[]>
{
    /// <summary>The one instance.</summary>
    public static ByteArrayEquality Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

    /// <inheritdoc/>
    public int GetHashCode(byte[] bytes)
    {
        HashCode hash = default;
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
