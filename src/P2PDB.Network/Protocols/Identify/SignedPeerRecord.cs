// SIGNED ENVELOPE (libp2p RFC 0002), protobuf: 1 public_key, 2 payload_type, 3 payload, 5 signature
//   signed text: varint length and bytes of each of: domain "libp2p-peer-record", payload type 03 01, payload
// PEER RECORD (RFC 0003), protobuf: 1 peer_id, 2 varint seq, 3 repeated { 1 multiaddr }
using System.Diagnostics.CodeAnalysis;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Protocols.Identify;

/// <summary>A peer's addresses, signed by itself, so that third parties can pass them on.</summary>
internal sealed class SignedPeerRecord
{
    private static ReadOnlySpan<byte> Domain => "libp2p-peer-record"u8;

    private static ReadOnlySpan<byte> PayloadType => [0x03, 0x01];

    private SignedPeerRecord(PeerId peer, ulong sequence, IEnumerable<Multiaddress> addresses)
    {
        Peer = peer;
        Sequence = sequence;
        Addresses = addresses;
    }

    /// <summary>Whose addresses they are.</summary>
    public PeerId Peer { get; }

    /// <summary>Grows with each change; the larger wins.</summary>
    public ulong Sequence { get; }

    /// <summary>The addresses, read from the record each time.</summary>
    public IEnumerable<Multiaddress> Addresses { get; }

    /// <summary>Signs our own addresses and encodes the envelope.</summary>
    public static byte[] Seal(SigningKey identity, ulong sequence, IEnumerable<Multiaddress> addresses)
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
        ReadOnlySpan<byte> multihash = default;
        ulong sequence = 0;
        bool hasAddresses = false;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out ulong value, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(1))
                multihash = bytes;
            else if (field.IsVarint(2))
                sequence = value;
            else if (field.IsBytes(3))
                hasAddresses = true;
        }

        if (reader.IsMalformed || !PeerId.TryDecode(multihash, out PeerId? peer))
            return false;

        byte[] addresses = hasAddresses ? message.ToArray() : [];
        record = new SignedPeerRecord(
            peer!, sequence, new RepeatedField<Multiaddress>(addresses, 3, Limits.IdentifyListCountMax, TryDecodeAddress));
        return true;
    }

    private static bool TryDecodeAddress(ReadOnlySpan<byte> entry, [NotNullWhen(true)] out Multiaddress? address)
    {
        ReadOnlySpan<byte> last = default;
        var reader = new ProtobufReader(entry);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(1))
                last = bytes;
        }

        return Multiaddress.TryDecode(last, out address);
    }

    private static byte[] SignedText(ReadOnlySpan<byte> payload)
    {
        byte[] text = new byte[PrefixedLength(Domain) + PrefixedLength(PayloadType) + PrefixedLength(payload)];
        int length = AppendPrefixed(text, 0, Domain);
        length = AppendPrefixed(text, length, PayloadType);
        AppendPrefixed(text, length, payload);
        return text;
    }

    private static int PrefixedLength(ReadOnlySpan<byte> value) => Varint.LengthOf((ulong)value.Length) + value.Length;

    private static int AppendPrefixed(Span<byte> target, int offset, ReadOnlySpan<byte> value)
    {
        offset += UnsignedVarint.Write((ulong)value.Length, target[offset..]);
        value.CopyTo(target[offset..]);
        return offset + value.Length;
    }
}
