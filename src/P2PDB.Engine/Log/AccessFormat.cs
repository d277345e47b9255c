using System.Buffers.Binary;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

// ACCESS PAYLOADS v1, fixed lengths (docs/formats/entry.md):
//   Genesis            u8 version (1) · 16 random · node key · signature
//                        by the node key over "p2pdb genesis v1" ‖ random ‖ author key
//   AuthorCertificate  node key · previous author key or zero · signature
//                        by the node key over "p2pdb author  v1" ‖ database ‖ author key ‖ previous author key
//   Invite             one-time key · u8 verb (1 write) · u64 modulus · u64 residue
//   Claim              invite's entry id · one-time key · author key · node key · node signature · one-time signature
//                        node key: as AuthorCertificate with no previous author
//                        one-time key: over "p2pdb claim   v1" ‖ database ‖ invite id ‖ author key ‖ node key
//   Admit              claim's entry id

/// <summary>Lengths of access payloads and the messages that their signatures are over.</summary>
internal static class AccessFormat
{
    /// <summary>Version of the genesis payload.</summary>
    public const byte GenesisVersion = 1;

    /// <summary>The one verb an invite can give so far: to write rows and definitions.</summary>
    public const byte WriteVerb = 1;

    /// <summary>Bytes that make two databases of one author differ.</summary>
    public const int RandomLength = 16;

    public const int GenesisLength = 1 + RandomLength + 32 + 64;
    public const int CertificateLength = 32 + 32 + 64;
    public const int InviteLength = 32 + 1 + 8 + 8;
    public const int ClaimLength = (4 * 32) + 64 + 64;
    public const int AdmitLength = 32;

    private const int DomainLength = 16;

    private static ReadOnlySpan<byte> GenesisDomain => "p2pdb genesis v1"u8;

    private static ReadOnlySpan<byte> AuthorDomain => "p2pdb author  v1"u8;

    private static ReadOnlySpan<byte> ClaimDomain => "p2pdb claim   v1"u8;

    /// <summary>True when the payload has the length and the fixed values of its kind; else the entry is void.</summary>
    public static bool IsWellFormed(OpKind kind, ReadOnlySpan<byte> payload) => kind switch
    {
        OpKind.Genesis => payload.Length == GenesisLength && payload[0] == GenesisVersion,
        OpKind.AuthorCertificate => payload.Length == CertificateLength,
        OpKind.Invite => payload.Length == InviteLength && payload[32] == WriteVerb,
        OpKind.Claim => payload.Length == ClaimLength,
        OpKind.Admit => payload.Length == AdmitLength,
        _ => false,
    };

    /// <summary>Writes a genesis payload.</summary>
    public static byte[] Genesis(ReadOnlySpan<byte> random, SigningKey nodeKey, in AuthorKey author)
    {
        byte[] payload = new byte[GenesisLength];
        payload[0] = GenesisVersion;
        random[..RandomLength].CopyTo(payload.AsSpan(1));
        nodeKey.PublicKey.CopyTo(payload.AsSpan(1 + RandomLength));
        Span<byte> message = stackalloc byte[DomainLength + RandomLength + 32];
        WriteGenesisMessage(random, author, message);
        nodeKey.Sign(message, payload.AsSpan(1 + RandomLength + 32));
        return payload;
    }

    /// <summary>Writes an author certificate.</summary>
    public static byte[] Certificate(in DatabaseId database, SigningKey nodeKey, in AuthorKey author, in AuthorKey previous)
    {
        byte[] payload = new byte[CertificateLength];
        nodeKey.PublicKey.CopyTo(payload);
        previous.CopyTo(payload.AsSpan(32));
        SignAuthor(database, nodeKey, author, previous, payload.AsSpan(64));
        return payload;
    }

    /// <summary>Writes an invite.</summary>
    public static byte[] Invite(in PublicKey oneTimeKey, ResidueClass slot)
    {
        byte[] payload = new byte[InviteLength];
        oneTimeKey.CopyTo(payload);
        payload[32] = WriteVerb;
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(33), slot.Modulus);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(41), slot.Residue);
        return payload;
    }

    /// <summary>Writes a claim of the invite in entry <paramref name="invite"/>.</summary>
    public static byte[] Claim(
        in DatabaseId database, in EntryId invite, SigningKey oneTimeKey, in AuthorKey author, SigningKey nodeKey)
    {
        byte[] payload = new byte[ClaimLength];
        PublicKey node = nodeKey.PublicKey;
        invite.CopyTo(payload);
        oneTimeKey.PublicKey.CopyTo(payload.AsSpan(32));
        author.CopyTo(payload.AsSpan(64));
        node.CopyTo(payload.AsSpan(96));
        SignAuthor(database, nodeKey, author, default, payload.AsSpan(128, 64));
        Span<byte> message = stackalloc byte[DomainLength + (4 * 32)];
        WriteClaimMessage(database, invite, author, node, message);
        oneTimeKey.Sign(message, payload.AsSpan(192));
        return payload;
    }

    /// <summary>Writes an admission of the claim in entry <paramref name="claim"/>.</summary>
    public static byte[] Admit(in EntryId claim)
    {
        byte[] payload = new byte[AdmitLength];
        claim.CopyTo(payload);
        return payload;
    }

    /// <summary>
    /// Whether the signatures inside a well-formed payload verify; an access operation that does not has no effect.
    /// </summary>
    public static bool VerifySignatures(OpKind kind, ReadOnlySpan<byte> payload, in DatabaseId database, in AuthorKey author) =>
        kind switch
        {
            OpKind.Genesis => VerifyGenesis(payload, author),
            OpKind.AuthorCertificate => VerifyAuthor(
                new PublicKey(payload[..32]), database, author, AuthorKey.Read(payload[32..]), payload[64..]),
            OpKind.Claim => AuthorKey.Read(payload[64..]) == author && VerifyClaim(payload, database, author),
            _ => true,
        };

    /// <summary>The slot of an invite.</summary>
    public static ResidueClass SlotOf(ReadOnlySpan<byte> invite) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(invite[33..]), BinaryPrimitives.ReadUInt64LittleEndian(invite[41..]));

    /// <summary>The node key that a genesis, certificate or claim names.</summary>
    public static PublicKey NodeKeyOf(OpKind kind, ReadOnlySpan<byte> payload) => kind switch
    {
        OpKind.Genesis => new PublicKey(payload.Slice(1 + RandomLength, 32)),
        OpKind.AuthorCertificate => new PublicKey(payload[..32]),
        OpKind.Claim => new PublicKey(payload.Slice(96, 32)),
        _ => default,
    };

    private static bool VerifyGenesis(ReadOnlySpan<byte> payload, in AuthorKey author)
    {
        Span<byte> message = stackalloc byte[DomainLength + RandomLength + 32];
        WriteGenesisMessage(payload[1..], author, message);
        return Ed25519.Verify(NodeKeyOf(OpKind.Genesis, payload), message, payload[(1 + RandomLength + 32)..]);
    }

    private static bool VerifyClaim(ReadOnlySpan<byte> payload, in DatabaseId database, in AuthorKey author)
    {
        PublicKey node = NodeKeyOf(OpKind.Claim, payload);
        Span<byte> message = stackalloc byte[DomainLength + (4 * 32)];
        WriteClaimMessage(database, EntryId.Read(payload), author, node, message);
        return VerifyAuthor(node, database, author, default, payload.Slice(128, 64))
            && Ed25519.Verify(new PublicKey(payload.Slice(32, 32)), message, payload[192..]);
    }

    private static bool VerifyAuthor(
        in PublicKey node, in DatabaseId database, in AuthorKey author, in AuthorKey previous, ReadOnlySpan<byte> signature)
    {
        Span<byte> message = stackalloc byte[DomainLength + (3 * 32)];
        WriteAuthorMessage(database, author, previous, message);
        return Ed25519.Verify(node, message, signature);
    }

    private static void SignAuthor(
        in DatabaseId database, SigningKey nodeKey, in AuthorKey author, in AuthorKey previous, Span<byte> signature)
    {
        Span<byte> message = stackalloc byte[DomainLength + (3 * 32)];
        WriteAuthorMessage(database, author, previous, message);
        nodeKey.Sign(message, signature);
    }

    private static void WriteGenesisMessage(ReadOnlySpan<byte> random, in AuthorKey author, Span<byte> message)
    {
        GenesisDomain.CopyTo(message);
        random[..RandomLength].CopyTo(message[DomainLength..]);
        author.CopyTo(message[(DomainLength + RandomLength)..]);
    }

    private static void WriteAuthorMessage(
        in DatabaseId database, in AuthorKey author, in AuthorKey previous, Span<byte> message)
    {
        AuthorDomain.CopyTo(message);
        database.CopyTo(message[DomainLength..]);
        author.CopyTo(message[(DomainLength + 32)..]);
        previous.CopyTo(message[(DomainLength + 64)..]);
    }

    private static void WriteClaimMessage(
        in DatabaseId database, in EntryId invite, in AuthorKey author, in PublicKey node, Span<byte> message)
    {
        ClaimDomain.CopyTo(message);
        database.CopyTo(message[DomainLength..]);
        invite.CopyTo(message[(DomainLength + 32)..]);
        author.CopyTo(message[(DomainLength + 64)..]);
        node.CopyTo(message[(DomainLength + 96)..]);
    }
}
