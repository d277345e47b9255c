using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Network.Tests.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>The bytes are those of js-libp2p's encoder for the same content, which go-libp2p reads alike.</summary>
public class RpcTests
{
    private const string Signed =
        "1281010a260024080112204cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29120568656c6c6f1a08010203040506070822046e"
        + "6577732a40759d6342ba38a0af987ce76b238a24b40031837dfb824b9bcc68a92057224da245fb7af3a09bdf4b66b0293f69670c86f0c3e49f836e5ac54819"
        + "e74237a9c90a";

    private const string Unsigned = "120d120568656c6c6f22046e657773";

    private const string Control =
        "0a08080112046e6577730a07080012036f6c641a2d0a0e0a046e657773120201011202020212040a0203031a060a046e65777322070a036f6c64183c2a040a0204"
        + "04";

    [Fact]
    public void Control_items_have_their_golden_bytes()
    {
        var writer = new RpcWriter();
        writer.AddSubscription("news"u8, isSubscribed: true);
        writer.AddSubscription("old"u8, isSubscribed: false);
        writer.AddIHave("news"u8, [Frame(1), Frame(2)]);
        writer.AddIWant([Id(3)]);
        writer.AddGraft("news"u8);
        writer.AddPrune("old"u8, TimeSpan.FromSeconds(60), []);
        writer.AddIDontWant(Id(4));

        byte[] expected = Convert.FromHexString(Control);
        Assert.Equal([(byte)expected.Length, .. expected], writer.TakeFrame().Bytes.ToArray());
        Assert.True(writer.IsEmpty);
    }

    [Fact]
    public void Control_items_are_read_in_their_order()
    {
        var kinds = new List<RpcItemKind>();
        var topics = new List<string>();
        var reader = new RpcReader(Convert.FromHexString(Control));
        while (reader.TryRead(out RpcItem item))
        {
            kinds.Add(item.Kind);
            topics.Add(System.Text.Encoding.UTF8.GetString(item.Topic));
        }

        Assert.False(reader.IsMalformed);
        Assert.Equal(
            [
                RpcItemKind.Subscribe, RpcItemKind.Unsubscribe, RpcItemKind.IHave, RpcItemKind.IWant, RpcItemKind.Graft, RpcItemKind.Prune,
                RpcItemKind.IDontWant,
            ],
            kinds);
        Assert.Equal(["news", "old", "news", "", "news", "old", ""], topics);
    }

    [Fact]
    public void Signed_message_has_its_golden_bytes()
    {
        using SigningKey key = TestSwarm.Key(1);
        MessageFrame frame = new FramePool().Take();
        PeerId author = PeerId.FromPublicKey(key.PublicKey);
        frame.Fill(Message(author.Bytes), Id(1), "news", author, 1);
        frame.Sign(key);
        frame.Seal();

        byte[] expected = Convert.FromHexString(Signed);
        Assert.Equal([0x84, 0x01, .. expected], frame.Bytes.ToArray());
    }

    [Fact]
    public void Unsigned_message_has_its_golden_bytes()
    {
        MessageFrame frame = new FramePool().Take();
        frame.Fill(new PubsubMessage { Data = "hello"u8, Topic = "news"u8, Fields = 0b1_0100 }, Id(1), "news", null, null);
        frame.Seal();

        byte[] expected = Convert.FromHexString(Unsigned);
        Assert.Equal([(byte)expected.Length, .. expected], frame.Bytes.ToArray());
    }

    [Theory]
    [InlineData(Signed, true)]
    [InlineData(Unsigned, false)]
    public void Golden_message_is_accepted_only_under_its_policy(string hex, bool isSigned)
    {
        foreach (SigningPolicy policy in Enum.GetValues<SigningPolicy>())
        {
            var network = new GossipNetwork(1, 2, new GossipsubOptions { SigningPolicy = policy });
            network.Connect(0, 1);
            network.SubscribeAll("news");

            Assert.True(network.Nodes[1].Router.TryReceive(network.PeerAt(1, 0), Convert.FromHexString(hex)));

            bool isRight = isSigned == (policy == SigningPolicy.StrictSign);
            Assert.Equal(isRight ? 1 : 0, network.Nodes[1].Received.Count);
            Assert.Equal(isRight, network.Nodes[1].Router.ScoreOf(network.Nodes[0].Id) == 0);
        }
    }

    [Fact]
    public void Every_changed_bit_of_a_signed_message_shuts_it_out()
    {
        byte[] rpc = Convert.FromHexString(Signed);
        for (int bit = 8 * 3; bit < 8 * rpc.Length; bit++)
        {
            var network = new GossipNetwork(1, 2);
            network.Connect(0, 1);
            network.SubscribeAll("news");
            rpc[bit / 8] ^= (byte)(1 << (bit % 8));
            network.Nodes[1].Router.TryReceive(network.PeerAt(1, 0), rpc);
            rpc[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Empty(network.Nodes[1].Received);
        }
    }

    [Fact]
    public void Ids_follow_go_or_js()
    {
        using SigningKey key = TestSwarm.Key(1);
        PeerId author = PeerId.FromPublicKey(key.PublicKey);
        Span<byte> id = stackalloc byte[Limits.GossipMessageIdLengthMax];

        Assert.Equal(46, MessageIds.FromAuthor(Message(author.Bytes), id));
        Assert.Equal([.. author.Bytes, 1, 2, 3, 4, 5, 6, 7, 8], id[..46].ToArray());
        Assert.Equal(44, MessageIds.FromKey(Message(author.Bytes), id));
        Assert.Equal([.. author.Bytes[2..], 1, 2, 3, 4, 5, 6, 7, 8], id[..44].ToArray());
    }

    private static PubsubMessage Message(ReadOnlySpan<byte> author) => new()
    {
        From = author,
        Data = "hello"u8,
        SequenceNumber = [1, 2, 3, 4, 5, 6, 7, 8],
        Topic = "news"u8,
        Fields = 0b1_1110,
    };

    private static MessageId Id(byte value)
    {
        Assert.True(MessageId.TryCreate([value, value], out MessageId id));
        return id;
    }

    private static MessageFrame Frame(byte value)
    {
        MessageFrame frame = new FramePool().Take();
        frame.Fill(new PubsubMessage { Topic = "news"u8, Fields = 0b1_0000 }, Id(value), "news", null, null);
        return frame;
    }
}
