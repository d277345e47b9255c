using P2PDB.Engine.Log;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>
/// Shows that a node holds an invitation's one-time key. Names both ends of the connection, so that who receives it cannot
/// show it to a third node.
/// </summary>
/// <param name="InvitationKey">The invitation's public key.</param>
/// <param name="Signature">64 bytes, by the invitation's private key.</param>
internal readonly record struct JoinProof(PublicKey InvitationKey, ReadOnlyMemory<byte> Signature)
{
    private const int MessageLength = 16 + (3 * 32);

    private static ReadOnlySpan<byte> Domain => "p2pdb join v1\0\0\0"u8;

    /// <summary>Signs as the node <paramref name="sender"/> for a connection to <paramref name="receiver"/>.</summary>
    public static JoinProof Sign(SigningKey invitation, DatabaseId database, in PublicKey sender, in PublicKey receiver)
    {
        Span<byte> message = stackalloc byte[MessageLength];
        WriteMessage(message, database, sender, receiver);
        byte[] signature = new byte[Ed25519.SignatureLength];
        invitation.Sign(message, signature);
        return new JoinProof(invitation.PublicKey, signature);
    }

    /// <summary>Whether this was signed for just this connection and database.</summary>
    public bool Verify(DatabaseId database, in PublicKey sender, in PublicKey receiver)
    {
        Span<byte> message = stackalloc byte[MessageLength];
        WriteMessage(message, database, sender, receiver);
        return Ed25519.Verify(InvitationKey, message, Signature.Span);
    }

    private static void WriteMessage(Span<byte> target, DatabaseId database, in PublicKey sender, in PublicKey receiver)
    {
        Domain.CopyTo(target);
        database.CopyTo(target[16..]);
        sender.CopyTo(target[48..]);
        receiver.CopyTo(target[80..]);
    }
}
