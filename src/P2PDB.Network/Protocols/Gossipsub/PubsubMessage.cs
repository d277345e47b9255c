namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// The fields of a message as they came, for computing its id. Borrows the bytes; nothing is verified yet, and fields that the
/// signing policy demands may be missing.
/// </summary>
public readonly ref struct PubsubMessage
{
    /// <summary>Multihash of the author; empty if absent.</summary>
    public ReadOnlySpan<byte> From { get; init; }

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>The author's number, big-endian; empty if absent.</summary>
    public ReadOnlySpan<byte> SequenceNumber { get; init; }

    /// <summary>The topic, UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The signature; empty if absent.</summary>
    public ReadOnlySpan<byte> Signature { get; init; }

    /// <summary>The author's public key message; empty if absent, as it is where the multihash holds the key.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Which fields the message has, be they empty or not: bit n stands for field n.</summary>
    internal int Fields { get; init; }

    internal bool Has(int field) => (Fields & (1 << field)) != 0;
}
