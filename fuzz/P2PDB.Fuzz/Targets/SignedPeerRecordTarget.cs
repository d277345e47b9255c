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

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Protocols/Identify/SignedPeerRecord.cs", "P2PDB.Network/Protobuf/RepeatedField.cs"];

    // Keys and ids of the signer and of the record, with their messages, and the record.
    public int AllocationSlack => 1536;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return SignedPeerRecord.Seal(_key, 0, []);
            yield return SignedPeerRecord.Seal(_key, 1, Enumerable.Repeat(Multiaddress.Parse("/ws"), 300));
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
        Multiaddress[] addresses = [.. record!.Addresses];
        probe.Reached(addresses.Length);
        FuzzLaw.Require(record.Peer.TryGetPublicKey(out PublicKey signer) && signer.Equals(_key.PublicKey), "only the signer's own record opens");
        byte[] again = SignedPeerRecord.Seal(_key, record.Sequence, addresses);
        FuzzLaw.Require(SignedPeerRecord.TryOpen(again, out SignedPeerRecord? second), "sealed again, it opens");
        FuzzLaw.Require(second!.Peer == record.Peer && second.Sequence == record.Sequence, "the same peer and number");
        FuzzLaw.Require(second.Addresses.SequenceEqual(addresses), "the same addresses");
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
