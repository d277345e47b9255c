// IDENTIFY MESSAGE 1.0.0, protobuf, with a varint length before it on the stream:
//   1 bytes public_key       2 repeated bytes listen_addrs   3 repeated text protocols    4 bytes observed_addr
//   5 text protocol_version  6 text agent_version            8 bytes signed_peer_record (envelope)
using System.Text;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Identify;

/// <summary>What a peer says about itself.</summary>
public sealed record IdentifyRecord
{
    /// <summary>Its public key message; empty if it sent none.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Multiaddress> ListenAddresses { get; init; } = [];

    /// <summary>The protocols it serves.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>The address it sees us at; null if it sent none that we can read.</summary>
    public Multiaddress? ObservedAddress { get; init; }

    /// <summary>Its family of protocols.</summary>
    public string ProtocolVersion { get; init; } = "";

    /// <summary>Its software.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>Its signed addresses as they came, not verified; empty if it sent none.</summary>
    public ReadOnlyMemory<byte> SignedPeerRecord { get; init; }

    /// <summary>Decodes a message. Addresses of unknown protocols are left out; false only for malformed protobuf.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out IdentifyRecord? record)
    {
        record = null;
        if (message.Length > Limits.IdentifyMessageLengthMax)
            return false;

        var addresses = new List<Multiaddress>();
        var protocols = new List<string>();
        byte[] publicKey = [];
        byte[] signedRecord = [];
        Multiaddress? observed = null;
        string protocolVersion = "";
        string agentVersion = "";
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.WireType != WireType.Bytes)
                continue;

            switch (field.Number)
            {
                case 1: publicKey = bytes.ToArray(); break;
                case 2 when addresses.Count < Limits.IdentifyListCountMax && Multiaddress.TryDecode(bytes, out Multiaddress? address):
                    addresses.Add(address!);
                    break;
                case 3 when protocols.Count < Limits.IdentifyListCountMax: protocols.Add(Encoding.UTF8.GetString(bytes)); break;
                case 4: Multiaddress.TryDecode(bytes, out observed); break;
                case 5: protocolVersion = Encoding.UTF8.GetString(bytes); break;
                case 6: agentVersion = Encoding.UTF8.GetString(bytes); break;
                case 8: signedRecord = bytes.ToArray(); break;
            }
        }

        if (reader.IsMalformed)
            return false;

        record = new IdentifyRecord
        {
            PublicKey = publicKey,
            ListenAddresses = addresses,
            Protocols = protocols,
            ObservedAddress = observed,
            ProtocolVersion = protocolVersion,
            AgentVersion = agentVersion,
            SignedPeerRecord = signedRecord,
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
}
