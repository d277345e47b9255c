using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The id of a message, held in place so that looking one up allocates nothing.</summary>
internal readonly struct MessageId : IEquatable<MessageId>
{
    private readonly Bytes _bytes;
    private readonly byte _length;

    private MessageId(ReadOnlySpan<byte> id)
    {
        id.CopyTo(_bytes);
        _length = (byte)id.Length;
    }

    /// <summary>The id's bytes; valid as long as the value is.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>Takes an id; false for one that is empty or longer than ids may be.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out MessageId id)
    {
        bool isValid = bytes.Length is > 0 and <= Limits.GossipMessageIdLengthMax;
        id = isValid ? new MessageId(bytes) : default;
        return isValid;
    }

    /// <inheritdoc/>
    public bool Equals(MessageId other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MessageId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Peers choose ids, so the hash must be one whose collisions they cannot compute: HashCode is seeded for each process.
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    [InlineArray(Limits.GossipMessageIdLengthMax)]
    private struct Bytes
    {
        private byte _first;
    }
}
