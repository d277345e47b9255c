using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a gossip RPC. Protobuf has many encodings of one RPC and unknown fields are dropped: so the law is that each item, written by
/// our own encoder, is read as the same item, and a message put into the frame that is forwarded has the same fields.
/// </summary>
internal sealed class GossipRpcTarget : IFuzzTarget
{
    private readonly FramePool _frames = new();
    private readonly RpcWriter _writer = new();

    public string Name => "gossip-rpc";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Protocols/Gossipsub/RpcReader.cs", "P2PDB.Network/Protocols/Gossipsub/PubsubMessage.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        [0x12, 0x0D, 0x12, 5, .. "hello"u8, 0x22, 4, .. "news"u8],
        Convert.FromHexString(
            "0a08080112046e6577730a07080012036f6c641a2d0a0e0a046e657773120201011202020212040a0203031a060a046e65777322070a036f6c64183c2a04"
            + "0a020404"),
        Convert.FromHexString(
            "1281010a260024080112204cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29120568656c6c6f1a0801020304050607082204"
            + "6e6577732a40759d6342ba38a0af987ce76b238a24b40031837dfb824b9bcc68a92057224da245fb7af3a09bdf4b66b0293f69670c86f0c3e49f836e5ac5"
            + "4819e74237a9c90a"),
        // Every field of a message, a PRUNE with a peer, and fields that nobody knows.
        [0x12, 20, 0x0A, 1, 1, 0x12, 1, 2, 0x1A, 1, 3, 0x22, 1, (byte)'t', 0x2A, 1, 4, 0x32, 1, 5, 0x38, 9, 0x1A, 14, 0x22, 12, 0x0A, 1, (byte)'t', 0x12, 6, 0x0A, 1, 1, 0x12, 1, 2, 0x18, 7],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        probe.EndDecoding();
        var reader = new RpcReader(input);
        while (true)
        {
            probe.BeginDecoding();
            bool isItem = reader.TryRead(out RpcItem item);
            probe.EndDecoding();
            if (!isItem)
                return !reader.IsMalformed;

            probe.Reached((int)item.Kind);
            switch (item.Kind)
            {
                case RpcItemKind.Message:
                    if (!CheckMessage(item.Body, probe))
                        return false;
                    break;
                case RpcItemKind.Subscribe or RpcItemKind.Unsubscribe:
                    _writer.AddSubscription(item.Topic, item.Kind == RpcItemKind.Subscribe);
                    CheckItem(item);
                    break;
                case RpcItemKind.Graft:
                    _writer.AddGraft(item.Topic);
                    CheckItem(item);
                    break;
                case RpcItemKind.IHave or RpcItemKind.IWant or RpcItemKind.IDontWant:
                    probe.Reached(64 + Math.Min(CountIds(item), 256));
                    break;
                case RpcItemKind.Prune:
                    FuzzLaw.Require(PeerExchange.Read(item.Body, 16).Count <= 16, "no more peers than asked for");
                    break;
            }
        }
    }

    private bool CheckMessage(ReadOnlySpan<byte> body, FuzzProbe probe)
    {
        if (!PubsubMessage.TryDecode(body, out PubsubMessage message))
            return false;

        probe.Reached(1_024 + message.Fields);
        if (!message.Has(4) || !MessageId.TryCreate([1], out MessageId id))
            return true;

        MessageFrame frame = _frames.Take();
        frame.Fill(message, id, "", null, null);
        frame.Seal();
        ReadOnlySpan<byte> bytes = frame.Bytes.Span;
        int prefixLength = UnsignedVarint.TryRead(bytes, out ulong length);
        FuzzLaw.Require(length == (ulong)(bytes.Length - prefixLength), "the length is the RPC's");
        var again = new RpcReader(bytes[prefixLength..]);
        FuzzLaw.Require(again.TryRead(out RpcItem item) && item.Kind == RpcItemKind.Message, "a message is forwarded as one");
        FuzzLaw.Require(PubsubMessage.TryDecode(item.Body, out PubsubMessage forwarded), "what is forwarded is read");
        FuzzLaw.Require(forwarded.Fields == message.Fields, "the same fields");
        FuzzLaw.RequireSame(message.From, forwarded.From, "author");
        FuzzLaw.RequireSame(message.Data, forwarded.Data, "data");
        FuzzLaw.RequireSame(message.Data, frame.Data.Span, "data in the frame");
        FuzzLaw.RequireSame(message.SequenceNumber, forwarded.SequenceNumber, "sequence number");
        FuzzLaw.RequireSame(message.Topic, forwarded.Topic, "topic");
        FuzzLaw.RequireSame(message.Signature, forwarded.Signature, "signature");
        FuzzLaw.RequireSame(message.Key, forwarded.Key, "key");
        FuzzLaw.Require(!again.TryRead(out _) && !again.IsMalformed, "nothing beside it");
        frame.Release();
        return true;
    }

    private void CheckItem(in RpcItem item)
    {
        OutgoingFrame frame = _writer.TakeFrame();
        ReadOnlySpan<byte> bytes = frame.Bytes.Span;
        var again = new RpcReader(bytes[UnsignedVarint.TryRead(bytes, out _)..]);
        FuzzLaw.Require(again.TryRead(out RpcItem same) && same.Kind == item.Kind, "the same kind");
        FuzzLaw.RequireSame(item.Topic, same.Topic, "the same topic");
        frame.Release();
    }

    private static int CountIds(in RpcItem item)
    {
        int count = 0;
        var reader = new ProtobufReader(item.Body);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(item.IdField) && MessageId.TryCreate(bytes, out MessageId id))
            {
                FuzzLaw.RequireSame(bytes, id.Span, "an id holds its bytes");
                count++;
            }
        }

        return count;
    }
}
