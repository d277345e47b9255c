// IDENTIFY MESSAGE 1.0.0, protobuf, with a varint length before it on the stream:
//   1 bytes public_key       2 repeated bytes listen_addrs   3 repeated text protocols    4 bytes observed_addr
//   5 text protocol_version  6 text agent_version            8 bytes signed_peer_record (envelope)
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Identify;

/// <summary>What a peer says about itself.</summary>
public sealed record IdentifyRecord
{
    /// <summary>Its public key message; empty if it sent none.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>Where it listens. Those of a decoded record are read from its message each time.</summary>
    public IEnumerable<Multiaddress> ListenAddresses { get; init; } = [];

    /// <summary>The protocols it serves. Those of a decoded record are read from its message each time.</summary>
    public IEnumerable<string> Protocols { get; init; } = [];

    /// <summary>The address it sees us at; null if it sent none that we can read.</summary>
    public Multiaddress? ObservedAddress { get; init; }

    /// <summary>Its family of protocols.</summary>
    public string ProtocolVersion { get; init; } = "";

    /// <summary>Its software.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>Its signed addresses as they came, not verified; empty if it sent none.</summary>
    public ReadOnlyMemory<byte> SignedPeerRecord { get; init; }

    /// <summary>
    /// Decodes a message. Addresses of unknown protocols and texts that are no UTF-8 are left out; false only for malformed protobuf.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out IdentifyRecord? record)
    {
        record = null;
        if (message.Length > Limits.IdentifyMessageLengthMax)
            return false;

        // Of a field that comes more than once the last counts, so nothing is made of one before the end is reached.
        ReadOnlySpan<byte> publicKey = default;
        ReadOnlySpan<byte> observed = default;
        ReadOnlySpan<byte> protocolVersion = default;
        ReadOnlySpan<byte> agentVersion = default;
        ReadOnlySpan<byte> signedRecord = default;
        bool hasLists = false;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.WireType != WireType.Bytes)
                continue;

            switch (field.Number)
            {
                case 1: publicKey = bytes; break;
                case 2 or 3: hasLists = true; break;
                case 4: observed = bytes; break;
                case 5: protocolVersion = bytes; break;
                case 6: agentVersion = bytes; break;
                case 8: signedRecord = bytes; break;
            }
        }

        if (reader.IsMalformed)
            return false;

        byte[] lists = hasLists ? message.ToArray() : [];
        record = new IdentifyRecord
        {
            PublicKey = publicKey.ToArray(),
            ListenAddresses = new RepeatedField<Multiaddress>(lists, 2, Limits.IdentifyListCountMax, Multiaddress.TryDecode),
            Protocols = new RepeatedField<string>(lists, 3, Limits.IdentifyListCountMax, TryDecodeText),
            ObservedAddress = Multiaddress.TryDecode(observed, out Multiaddress? address) ? address : null,
            ProtocolVersion = TryDecodeText(protocolVersion, out string? version) ? version : "",
            AgentVersion = TryDecodeText(agentVersion, out string? agent) ? agent : "",
            SignedPeerRecord = signedRecord.ToArray(),
        };
        return true;
    }

    /// <summary>The encoded message.</summary>
    public byte[] Encode()
    {
        var writer = new ProtobufWriter();
        if (!PublicKey.IsEmpty)
            writer.WriteBytes(1, PublicKey.Span);
        foreach (Multiaddress address in ListenAddresses)
            writer.WriteBytes(2, address.Bytes);
        foreach (string protocol in Protocols)
            writer.WriteText(3, protocol);
        if (ObservedAddress is not null)
            writer.WriteBytes(4, ObservedAddress.Bytes);
        if (ProtocolVersion.Length > 0)
            writer.WriteText(5, ProtocolVersion);
        if (AgentVersion.Length > 0)
            writer.WriteText(6, AgentVersion);
        if (!SignedPeerRecord.IsEmpty)
            writer.WriteBytes(8, SignedPeerRecord.Span);
        return writer.ToOwned();
    }

    private static bool TryDecodeText(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
        return text is not null;
    }
}
