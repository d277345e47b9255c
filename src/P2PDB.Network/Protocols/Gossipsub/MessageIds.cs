using System.Security.Cryptography;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The usual ways to compute message ids.</summary>
public static class MessageIds
{
    /// <summary>
    /// The author's multihash and the sequence number: the specification's way, and go-libp2p's. js-libp2p has another one; see
    /// <see cref="FromKey"/>.
    /// </summary>
    public static int FromAuthor(in PubsubMessage message, Span<byte> id)
    {
        int length = message.From.Length + message.SequenceNumber.Length;
        if (message.From.IsEmpty || length > id.Length)
            return 0;

        message.From.CopyTo(id);
        message.SequenceNumber.CopyTo(id[message.From.Length..]);
        return length;
    }

    /// <summary>
    /// The author's public key message and the sequence number: js-libp2p's way. Messages without a key, neither in a field nor in the
    /// author's multihash, have no id.
    /// </summary>
    public static int FromKey(in PubsubMessage message, Span<byte> id)
    {
        ReadOnlySpan<byte> key = message.From is [0, _, ..] ? message.From[2..] : message.Key;
        int length = key.Length + message.SequenceNumber.Length;
        if (key.IsEmpty || length > id.Length)
            return 0;

        key.CopyTo(id);
        message.SequenceNumber.CopyTo(id[key.Length..]);
        return length;
    }

    /// <summary>SHA-256 of the data: for messages without an author.</summary>
    public static int FromData(in PubsubMessage message, Span<byte> id) => SHA256.HashData(message.Data, id);
}
