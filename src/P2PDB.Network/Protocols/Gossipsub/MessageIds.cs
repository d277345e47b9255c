using System.Security.Cryptography;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The usual ways to compute message ids.</summary>
public static class MessageIds
{
    /// <summary>Author and sequence number: what all implementations use for signed messages.</summary>
    public static int FromAuthor(in PubsubMessage message, Span<byte> id)
    {
        int length = message.From.Length + message.SequenceNumber.Length;
        if (message.From.IsEmpty || length > id.Length)
            return 0;

        message.From.CopyTo(id);
        message.SequenceNumber.CopyTo(id[message.From.Length..]);
        return length;
    }

    /// <summary>SHA-256 of the data: for messages without an author.</summary>
    public static int FromData(in PubsubMessage message, Span<byte> id) => SHA256.HashData(message.Data, id);
}
