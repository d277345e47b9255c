using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// The fields of a message as they came, for computing its id. Borrows the bytes; nothing is verified yet, and fields that the
/// signing policy demands may be missing.
/// </summary>
public readonly ref struct PubsubMessage
{
    /// <summary>Multihash of the author; empty if absent.</summary>
    public ReadOnlySpan<byte> From { get; init; }

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>The author's number, big-endian; empty if absent.</summary>
    public ReadOnlySpan<byte> SequenceNumber { get; init; }

    /// <summary>The topic, UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The signature; empty if absent.</summary>
    public ReadOnlySpan<byte> Signature { get; init; }

    /// <summary>The author's public key message; empty if absent, as it is where the multihash holds the key.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Which fields the message has, be they empty or not: bit n stands for field n.</summary>
    internal int Fields { get; init; }

    internal bool Has(int field) => (Fields & (1 << field)) != 0;

    /// <summary>Decodes a message; of a field that comes twice the last counts. False for malformed protobuf.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> body, out PubsubMessage message)
    {
        ReadOnlySpan<byte> from = default;
        ReadOnlySpan<byte> data = default;
        ReadOnlySpan<byte> sequenceNumber = default;
        ReadOnlySpan<byte> topic = default;
        ReadOnlySpan<byte> signature = default;
        ReadOnlySpan<byte> key = default;
        int fields = 0;
        var reader = new ProtobufReader(body);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.WireType != WireType.Bytes || field.Number > 6)
                continue;

            fields |= 1 << field.Number;
            switch (field.Number)
            {
                case 1: from = bytes; break;
                case 2: data = bytes; break;
                case 3: sequenceNumber = bytes; break;
                case 4: topic = bytes; break;
                case 5: signature = bytes; break;
                case 6: key = bytes; break;
            }
        }

        message = new PubsubMessage
        {
            From = from,
            Data = data,
            SequenceNumber = sequenceNumber,
            Topic = topic,
            Signature = signature,
            Key = key,
            Fields = fields,
        };
        return !reader.IsMalformed;
    }
}
