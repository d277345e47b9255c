using P2PDB.Network.Multiaddr;
using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a signed envelope, whose signature repairing makes right. Protobuf has many encodings of one record: the law is that a
/// record that opened, sealed again by its signer, opens as the same record, and nobody else's key ever passes.
/// </summary>
internal sealed class SignedPeerRecordTarget : IFuzzTarget, IDisposable
{
    private readonly SigningKey _key = SigningKey.FromSeed(new byte[32]);

    public string Name => "signed-record";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Protocols/Identify/SignedPeerRecord.cs"];

    // The signed text as an array, and an address with its bytes for each of eight bytes.
    public int AllocationFactor => 16;

    public int AllocationSlack => 2048;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return SignedPeerRecord.Seal(_key, 0, []);
            yield return SignedPeerRecord.Seal(_key, 7, [Multiaddress.Parse("/ip4/127.0.0.1/tcp/4001"), Multiaddress.Parse("/ip6/::1/tcp/4001/ws")]);
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        ReadOnlySpan<byte> envelope = buffer[..length];
        ReadOnlySpan<byte> payload = default;
        ReadOnlySpan<byte> signature = default;
        var reader = new ProtobufReader(envelope);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(3))
                payload = bytes;
            else if (field.IsBytes(5))
                signature = bytes;
        }

        // Where a span lies in the buffer is where it is to be written.
        if (signature.Length == Ed25519.SignatureLength && envelope.Overlaps(signature, out int offset))
            _key.Sign(SignedText(payload), buffer.Slice(offset, signature.Length));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (!SignedPeerRecord.TryOpen(input, out SignedPeerRecord? record))
            return false;

        probe.EndDecoding();
        probe.Reached(record!.Addresses.Count);
        FuzzLaw.Require(record.Peer.TryGetPublicKey(out PublicKey signer) && signer.Equals(_key.PublicKey), "only the signer's own record opens");
        byte[] again = SignedPeerRecord.Seal(_key, record.Sequence, record.Addresses);
        FuzzLaw.Require(SignedPeerRecord.TryOpen(again, out SignedPeerRecord? second), "sealed again, it opens");
        FuzzLaw.Require(second!.Peer == record.Peer && second.Sequence == record.Sequence, "the same peer and number");
        FuzzLaw.Require(second.Addresses.Count == record.Addresses.Count, "the same addresses");
        for (int i = 0; i < record.Addresses.Count; i++)
            FuzzLaw.RequireSame(record.Addresses[i].Bytes, second.Addresses[i].Bytes, "the same address");
        return true;
    }

    public void Dispose() => _key.Dispose();

    // RFC 0002: domain, payload type and payload, each behind its length.
    private static byte[] SignedText(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> domain = "libp2p-peer-record"u8;
        byte[] prefix = new byte[UnsignedVarint.LengthMax];
        int length = UnsignedVarint.Write((ulong)payload.Length, prefix);
        return [(byte)domain.Length, .. domain, 2, 3, 1, .. prefix.AsSpan(0, length), .. payload];
    }
}
