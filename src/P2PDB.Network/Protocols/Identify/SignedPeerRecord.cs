// SIGNED ENVELOPE (libp2p RFC 0002), protobuf: 1 public_key, 2 payload_type, 3 payload, 5 signature
//   signed text: varint length and bytes of each of: domain "libp2p-peer-record", payload type 03 01, payload
// PEER RECORD (RFC 0003), protobuf: 1 peer_id, 2 varint seq, 3 repeated { 1 multiaddr }
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Protocols.Identify;

/// <summary>A peer's addresses, signed by itself, so that third parties can pass them on.</summary>
internal sealed class SignedPeerRecord
{
    private static ReadOnlySpan<byte> Domain => "libp2p-peer-record"u8;

    private static ReadOnlySpan<byte> PayloadType => [0x03, 0x01];

    private SignedPeerRecord(PeerId peer, ulong sequence, List<Multiaddress> addresses)
    {
        Peer = peer;
        Sequence = sequence;
        Addresses = addresses;
    }

    /// <summary>Whose addresses they are.</summary>
    public PeerId Peer { get; }

    /// <summary>Grows with each change; the larger wins.</summary>
    public ulong Sequence { get; }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<Multiaddress> Addresses { get; }

    /// <summary>Signs our own addresses and encodes the envelope.</summary>
    public static byte[] Seal(SigningKey identity, ulong sequence, IReadOnlyList<Multiaddress> addresses)
    {
        IdentityKey key = IdentityKey.FromEd25519(identity.PublicKey);
        var record = new ProtobufWriter();
        record.WriteBytes(1, PeerId.FromKey(key).Bytes);
        record.WriteVarint(2, sequence);
        foreach (Multiaddress address in addresses)
        {
            var entry = new ProtobufWriter();
            entry.WriteBytes(1, address.Bytes);
            record.WriteBytes(3, entry.Written);
        }

        byte[] signature = new byte[64];
        identity.Sign(SignedText(record.Written), signature);
        var envelope = new ProtobufWriter();
        envelope.WriteBytes(1, key.Encode());
        envelope.WriteBytes(2, PayloadType);
        envelope.WriteBytes(3, record.Written);
        envelope.WriteBytes(5, signature);
        return envelope.ToOwned();
    }

    /// <summary>Decodes an envelope and checks its signature and that the record is the signer's own.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> envelope, out SignedPeerRecord? record)
    {
        record = null;
        ReadOnlySpan<byte> keyMessage = default;
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> payload = default;
        ReadOnlySpan<byte> signature = default;
        var reader = new ProtobufReader(envelope);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(1))
                keyMessage = bytes;
            else if (field.IsBytes(2))
                type = bytes;
            else if (field.IsBytes(3))
                payload = bytes;
            else if (field.IsBytes(5))
                signature = bytes;
        }

        return !reader.IsMalformed && type.SequenceEqual(PayloadType)
            && IdentityKey.TryDecode(keyMessage, out IdentityKey? key) && key!.Verify(SignedText(payload), signature)
            && TryDecode(payload, out record) && record!.Peer == PeerId.FromKey(key);
    }

    private static bool TryDecode(ReadOnlySpan<byte> message, out SignedPeerRecord? record)
    {
        record = null;
        PeerId? peer = null;
        ulong sequence = 0;
        var addresses = new List<Multiaddress>();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out ulong value, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(1))
                PeerId.TryDecode(bytes, out peer);
            else if (field.IsVarint(2))
                sequence = value;
            else if (field.IsBytes(3))
                AddAddress(bytes, addresses);
        }

        if (reader.IsMalformed || peer is null)
            return false;

        record = new SignedPeerRecord(peer, sequence, addresses);
        return true;
    }

    private static void AddAddress(ReadOnlySpan<byte> message, List<Multiaddress> addresses)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(1) && addresses.Count < Limits.IdentifyListCountMax && Multiaddress.TryDecode(bytes, out Multiaddress? address))
                addresses.Add(address!);
        }
    }

    private static byte[] SignedText(ReadOnlySpan<byte> payload)
    {
        byte[] text = new byte[Domain.Length + PayloadType.Length + payload.Length + 30];
        int length = AppendPrefixed(text, 0, Domain);
        length = AppendPrefixed(text, length, PayloadType);
        length = AppendPrefixed(text, length, payload);
        return text[..length];
    }

    private static int AppendPrefixed(Span<byte> target, int offset, ReadOnlySpan<byte> value)
    {
        offset += UnsignedVarint.Write((ulong)value.Length, target[offset..]);
        value.CopyTo(target[offset..]);
        return offset + value.Length;
    }
}
