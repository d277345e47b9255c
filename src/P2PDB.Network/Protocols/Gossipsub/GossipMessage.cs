using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A message as it is given to validators and to <see cref="Gossipsub.MessageReceived"/>.</summary>
public readonly record struct GossipMessage
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The author, whose signature was verified; null under <see cref="SigningPolicy.StrictNoSign"/>.</summary>
    public PeerId? From { get; init; }

    /// <summary>The author's number for the message; null under <see cref="SigningPolicy.StrictNoSign"/>.</summary>
    public ulong? SequenceNumber { get; init; }

    /// <summary>
    /// The content. Borrowed: valid until the handler returns, or until the validator's task completes. Copy what is to be kept.
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>True if the message has a signature, which was verified.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The peer that sent us the message, which need not be its author.</summary>
    public required PeerId Source { get; init; }
}
