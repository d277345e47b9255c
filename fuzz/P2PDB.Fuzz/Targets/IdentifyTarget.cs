using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: an identify message. Protobuf has many encodings of one message, and unknown fields are dropped: so the law is that the record's own
/// encoding reads as the same record. Behind its length on a stream it is what it is alone, and the input as a whole stream is a record or none.
/// </summary>
internal sealed class IdentifyTarget : IFuzzTarget
{
    public string Name => "identify";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Protocols/Identify/IdentifyRecord.cs", "P2PDB.Network/Protocols/Identify/IdentifyProtocol.cs", "P2PDB.Network/Protobuf/ProtobufReader.cs", "P2PDB.Network/Protobuf/RepeatedField.cs", "P2PDB.Network/Protobuf/UnsignedVarint.cs"];

    // The record, its two lists, the message they are read from, keys, texts and an address, be they empty or not.
    public int AllocationSlack => 384;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] seed = new byte[32];
            using SigningKey key = SigningKey.FromSeed(seed);
            Multiaddress[] addresses = [Multiaddress.Parse("/ip4/127.0.0.1/tcp/4001"), Multiaddress.Parse("/ip6/::1/tcp/4001")];
            yield return new IdentifyRecord { AgentVersion = "a" }.Encode();
            yield return new IdentifyRecord
            {
                PublicKey = IdentityKey.FromEd25519(key.PublicKey).Encode(),
                ListenAddresses = addresses,
                Protocols = ["/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"],
                ObservedAddress = addresses[0],
                ProtocolVersion = "p2pdb/1.0.0",
                AgentVersion = "p2pdb/0.1.0",
                SignedPeerRecord = SignedPeerRecord.Seal(key, 7, addresses),
            }.Encode();
            yield return new IdentifyRecord
            {
                ListenAddresses = Enumerable.Repeat(Multiaddress.Parse("/ws"), 300),
                Protocols = Enumerable.Repeat("a", 300),
            }.Encode();
            // Fields of every wire type, unknown ones too.
            yield return [0x08, 1, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1D, 1, 2, 3, 4, 0x32, 1, (byte)'a', 0x7A, 0, 0x12, 3, 1, 2, 3];
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool isRecord = IdentifyRecord.TryDecode(input, out IdentifyRecord? record);
        probe.EndDecoding();
        IdentifyRecord? received = Receive([.. LengthOf(input), .. input, 0]);
        FuzzLaw.Require((received is not null) == isRecord, "a message is on a stream what it is alone");
        probe.Reached(Receive(input.ToArray()) is null ? 600 : 601);
        if (!isRecord)
            return false;

        FuzzLaw.RequireSame(record!.Encode(), received!.Encode(), "the same record from a stream");
        probe.Reached(record.ListenAddresses.Count());
        probe.Reached(300 + record.Protocols.Count());
        byte[] encoded = record.Encode();
        if (encoded.Length <= Network.Limits.IdentifyMessageLengthMax)
        {
            FuzzLaw.Require(IdentifyRecord.TryDecode(encoded, out IdentifyRecord? again), "own encoding is read");
            FuzzLaw.RequireSame(encoded, again!.Encode(), "read as written");
        }

        return true;
    }

    private static ReadOnlySpan<byte> LengthOf(ReadOnlySpan<byte> message)
    {
        byte[] prefix = new byte[UnsignedVarint.LengthMax];
        return prefix.AsSpan(0, UnsignedVarint.Write((ulong)message.Length, prefix));
    }

    private static IdentifyRecord? Receive(byte[] stream)
    {
        IdentifyRecord? record = null;
        Task receiving = ReceiveAsync();
        FuzzLaw.Require(receiving.IsCompletedSuccessfully, "receiving ends with its input");
        return record;

        async Task ReceiveAsync() => record =
            await IdentifyProtocol.ReceiveAsync(new ScriptedChannel(stream, pieceLength: 100), CancellationToken.None).ConfigureAwait(false);
    }
}
