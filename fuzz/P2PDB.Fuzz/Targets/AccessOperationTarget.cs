using P2PDB.Engine.Log;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: the kind of an access operation, then its payload, which has a fixed length: so one that is well-formed is its own encoding.
/// Signatures verify or do not; only the genuine ones of the fixed keys can.
/// </summary>
internal sealed class AccessOperationTarget : IFuzzTarget
{
    private static readonly DatabaseId Database = new(Blake3.Hash("database"u8));
    private static readonly AuthorKey Author = AuthorKey.Read(Blake3.Hash("author"u8).AsSpan());
    private static readonly EntryId Invite = new(Blake3.Hash("invite"u8));

    private static readonly byte[][] Genuine = MakeGenuine();

    public string Name => "access-operation";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/AccessFormat.cs"];

    public int InputLengthMax => 300;

    public IEnumerable<byte[]> Seeds => Genuine;

    public int Repair(Span<byte> buffer, int length)
    {
        if (length == 0)
            return length;
        int expected = (OpKind)buffer[0] switch
        {
            OpKind.Genesis => AccessFormat.GenesisLength,
            OpKind.AuthorCertificate => AccessFormat.CertificateLength,
            OpKind.Invite => AccessFormat.InviteLength,
            OpKind.Claim => AccessFormat.ClaimLength,
            OpKind.Admit => AccessFormat.AdmitLength,
            _ => length - 1,
        };
        return Math.Min(expected + 1, Math.Max(length, Math.Min(buffer.Length, expected + 1)));
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        var kind = (OpKind)input[0];
        ReadOnlySpan<byte> payload = input[1..];
        if (!AccessFormat.IsWellFormed(kind, payload))
            return false;

        FuzzLaw.Require(kind.IsAccess(), "only access operations have such payloads");
        bool isAuthentic = AccessFormat.VerifySignatures(kind, payload, Database, Author);
        PublicKey node = AccessFormat.NodeKeyOf(kind, payload);
        probe.EndDecoding();
        probe.Reached(((int)kind * 2) + (isAuthentic ? 1 : 0));
        FuzzLaw.Require(!isAuthentic || !IsSigned(kind) || IsGenuine(input), "nothing else passes for signed");
        FuzzLaw.Require(kind is OpKind.Invite or OpKind.Admit || payload.IndexOf(node.AsSpan()) >= 0, "the node key is in the payload");
        if (kind == OpKind.Invite)
        {
            byte[] again = AccessFormat.Invite(new PublicKey(payload[..32]), AccessFormat.SlotOf(payload));
            FuzzLaw.RequireSame(payload, again, "an invite is its key and slot");
        }

        return true;
    }

    private static bool IsSigned(OpKind kind) => kind is OpKind.Genesis or OpKind.AuthorCertificate or OpKind.Claim;

    private static bool IsGenuine(ReadOnlySpan<byte> input)
    {
        foreach (byte[] genuine in Genuine)
        {
            if (input.SequenceEqual(genuine))
                return true;
        }

        return false;
    }

    private static byte[][] MakeGenuine()
    {
        using SigningKey node = SigningKey.FromSeed(new byte[32]);
        using SigningKey oneTime = SigningKey.FromSeed(Blake3.Hash("one time"u8).AsSpan());
        return
        [
            [(byte)OpKind.Genesis, .. AccessFormat.Genesis(new byte[16], node, Author)],
            [(byte)OpKind.AuthorCertificate, .. AccessFormat.Certificate(Database, node, Author, default)],
            [(byte)OpKind.Invite, .. AccessFormat.Invite(oneTime.PublicKey, new ResidueClass(16, 3))],
            [(byte)OpKind.Claim, .. AccessFormat.Claim(Database, Invite, oneTime, Author, node)],
            [(byte)OpKind.Admit, .. AccessFormat.Admit(Invite)],
        ];
    }
}
