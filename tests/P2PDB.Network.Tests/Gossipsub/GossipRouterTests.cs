using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Tests.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>Rules of the protocol, one at a time, on a router whose peers the test plays.</summary>
public class GossipRouterTests
{
    private const string Topic = "news";

    [Fact]
    public void Graft_within_the_backoff_is_refused_and_counted()
    {
        GossipNetwork network = Pair();
        network.Nodes[0].Router.Unsubscribe(Topic);
        network.Settle();
        network.Nodes[0].Router.TrySubscribe(Topic);
        network.Settle();
        GossipPeer peer = network.PeerAt(0, 1);

        Receive(network, writer => writer.AddGraft("news"u8));
        Assert.Empty(network.Nodes[0].Router.MeshPeers(Topic));
        Assert.Equal([RpcItemKind.Prune], Sent(peer));
        Assert.Equal(1, peer.Score.Behaviour);   // the back-off of an unsubscription is short: no flood

        for (int i = 0; i < 10; i++)
            Receive(network, writer => writer.AddGraft("news"u8));
        Assert.True(network.Nodes[0].Router.ScoreOf(peer.Id) < -10);
    }

    [Fact]
    public void Graft_right_after_a_prune_counts_twice()
    {
        GossipNetwork network = Pair();
        GossipPeer peer = network.PeerAt(0, 1);
        Receive(network, writer => writer.AddPrune("news"u8, TimeSpan.FromSeconds(60), []));

        Receive(network, writer => writer.AddGraft("news"u8));

        Assert.Equal(2, peer.Score.Behaviour);
    }

    [Fact]
    public void Backoff_that_a_peer_sets_is_bounded()
    {
        GossipNetwork network = Pair();
        Receive(network, writer => writer.AddPrune("news"u8, TimeSpan.FromDays(10_000), []));

        network.Time.Advance(Limits.GossipBackoffMax);
        network.Beat(2);

        Assert.Single(network.Nodes[0].Router.MeshPeers(Topic));
    }

    [Fact]
    public void Peer_that_left_and_came_back_is_not_grafted_within_the_backoff_that_it_set()
    {
        GossipNetwork network = Pair();
        Receive(network, writer =>
        {
            writer.AddSubscription("news"u8, isSubscribed: false);
            writer.AddPrune("news"u8, TimeSpan.FromSeconds(30), []);
        });
        Receive(network, writer => writer.AddSubscription("news"u8, isSubscribed: true));

        network.Beat(20);
        Assert.Empty(network.Nodes[0].Router.MeshPeers(Topic));

        network.Time.Advance(TimeSpan.FromSeconds(30));
        network.Beat(2);
        Assert.Single(network.Nodes[0].Router.MeshPeers(Topic));
    }

    [Fact]
    public void Graft_of_an_unknown_topic_gets_no_answer()
    {
        GossipNetwork network = Pair();

        Receive(network, writer => writer.AddGraft("secret"u8));

        Assert.Empty(Sent(network.PeerAt(0, 1)));
    }

    [Fact]
    public void Missed_message_is_asked_for_and_a_broken_promise_is_punished()
    {
        GossipNetwork network = Pair();
        GossipPeer peer = network.PeerAt(0, 1);

        for (int i = 0; i < 8; i++)
        {
            Receive(network, writer => writer.AddIHave("news"u8, [Frame((byte)i)]));
            Assert.Equal([RpcItemKind.IWant], Sent(peer));
        }

        network.Beat();
        Assert.Equal(0, peer.Score.Behaviour);
        network.Beat(3);
        Assert.InRange(peer.Score.Behaviour, 7, 8);
        Assert.True(network.Nodes[0].Router.ScoreOf(peer.Id) < -10);

        Receive(network, writer => writer.AddIHave("news"u8, [Frame(100)]));
        Assert.Empty(Sent(peer));   // gossip of such a peer is not listened to any more
    }

    [Fact]
    public void Promised_message_of_an_author_whose_key_is_of_another_kind_keeps_the_promise()
    {
        GossipNetwork network = Pair();
        Assert.True(PeerId.TryDecode([0x12, 32, .. new byte[32]], out PeerId? author));
        MessageFrame[] frames = [.. Enumerable.Range(1, 4).Select(number => ForeignMessage(author!, (byte)number))];

        AssertPromisesKept(network, frames);
    }

    [Fact]
    public void Promised_message_of_this_nodes_earlier_run_keeps_the_promise()
    {
        GossipNetwork earlier = Pair();
        MessageFrame[] frames = [.. Enumerable.Range(1, 4).Select(number => earlier.Nodes[0].Router.Prepare(Topic, [(byte)number])!)];

        AssertPromisesKept(Pair(), frames);
    }

    [Fact]
    public void Rest_of_an_rpc_is_left_once_its_peer_is_graylisted()
    {
        GossipNetwork network = Pair();
        var rpc = new List<byte>();
        for (int i = 0; i < 1_000; i++)
        {
            byte[] forged = Rpc(network.Nodes[1].Router.Prepare(Topic, [1])!);
            forged[^1] ^= 1;
            rpc.AddRange(forged);
        }

        rpc.AddRange([0x0A, 8, 8, 1, 0x12, 4, .. "late"u8]);

        Assert.True(network.Nodes[0].Router.TryReceive(network.PeerAt(0, 1), rpc.ToArray()));
        Assert.Empty(network.Nodes[0].Router.Subscribers("late"));
        Assert.True(network.Nodes[0].Router.ScoreOf(network.Nodes[1].Id) < new ScoreOptions().GraylistThreshold);
    }

    [Fact]
    public void Messages_whose_validators_think_are_bounded_by_their_bytes()
    {
        GossipNetwork network = Pair();
        GossipNetworkNode node = network.Nodes[0];
        var never = new TaskCompletionSource<GossipVerdict>();
        node.Router.SetValidator(Topic, (_, _) => new ValueTask<GossipVerdict>(never.Task));
        for (int i = 0; i < 100; i++)
            node.Router.TryReceive(network.PeerAt(0, 1), Rpc(network.Nodes[1].Router.Prepare(Topic, new byte[1_000_000])!));
        int pendingCount = node.Pending.Count;
        Assert.InRange(pendingCount, 2, (Limits.GossipValidationLengthMax / 1_000_000) + 1);

        node.Router.Complete(node.Pending[0], GossipVerdict.Ignore);
        node.Router.TryReceive(network.PeerAt(0, 1), Rpc(network.Nodes[1].Router.Prepare(Topic, [1])!));

        Assert.Equal(pendingCount + 1, node.Pending.Count);
    }

    [Fact]
    public void IHave_is_bounded_per_heartbeat()
    {
        GossipNetwork network = Pair();
        GossipPeer peer = network.PeerAt(0, 1);

        for (int i = 0; i <= Limits.GossipIHaveCountMax; i++)
            Receive(network, writer => writer.AddIHave("news"u8, [Frame((byte)i)]));
        Assert.Equal(Limits.GossipIHaveCountMax, Sent(peer).Count);

        network.Beat();
        Receive(network, writer => writer.AddIHave("news"u8, [Frame(100)]));
        Assert.Contains(RpcItemKind.IWant, Sent(peer));
    }

    [Fact]
    public void Message_is_sent_to_who_asks_a_few_times_only()
    {
        GossipNetwork network = Pair();
        GossipPeer peer = network.PeerAt(0, 1);
        MessageFrame frame = network.Nodes[0].Router.Prepare(Topic, "asked for"u8)!;
        network.Nodes[0].Router.TryPublish(frame, out _);
        Sent(peer);

        for (int i = 0; i < 5; i++)
            Receive(network, writer => writer.AddIWant([frame.Id]));

        Assert.Equal(new MeshOptions().GossipRetransmission, Sent(peer).Count);
        network.Beat(new MeshOptions().HistoryLength);
        Receive(network, writer => writer.AddIWant([frame.Id]));
        Assert.Empty(Sent(peer));
    }

    [Fact]
    public void Large_message_is_announced_and_not_sent_to_who_has_it()
    {
        var network = new GossipNetwork(1, 3);
        network.Connect(1, 0);
        network.Connect(2, 0);
        network.SubscribeAll(Topic);
        network.Beat(2);
        MessageFrame frame = network.Nodes[1].Router.Prepare(Topic, new byte[5_000])!;
        GossipPeer second = network.PeerAt(0, 2);
        byte[] rpc = Rpc(frame);

        network.Nodes[0].Router.TryReceive(network.PeerAt(0, 1), rpc);
        Assert.Equal([RpcItemKind.IDontWant, RpcItemKind.Message], Sent(second));

        frame = network.Nodes[1].Router.Prepare(Topic, new byte[5_000])!;
        Receive(network, writer => writer.AddIDontWant(frame.Id), peer: 2);
        network.Nodes[0].Router.TryReceive(network.PeerAt(0, 1), Rpc(frame));
        Assert.Equal([RpcItemKind.IDontWant], Sent(second));
    }

    [Fact]
    public void Own_messages_wait_for_a_slow_peer_and_others_are_dropped()
    {
        GossipNetwork network = Pair();
        GossipRouter router = network.Nodes[0].Router;
        GossipPeer peer = network.PeerAt(0, 1);
        byte[] data = new byte[64 * 1_024];
        int published = 0;
        MessageFrame frame = router.Prepare(Topic, data)!;
        while (router.TryPublish(frame, out int count))
        {
            Assert.Equal(1, count);
            published++;
            frame = router.Prepare(Topic, data)!;
        }

        Assert.InRange(published, 1, Limits.GossipQueueLengthMax / data.Length);
        Assert.False(peer.Outbox.HasRoomForGossip);
        Assert.False(peer.Outbox.TryAddForwarded(frame));
        router.Unsubscribe(Topic);   // what changes the mesh still finds room
        List<RpcItemKind> sent = Sent(peer);
        Assert.Equal(published, sent.Count(kind => kind == RpcItemKind.Message));
        Assert.Contains(RpcItemKind.Prune, sent);
        Assert.True(router.TryPublish(frame, out _));
    }

    [Fact]
    public void Publisher_without_a_subscription_uses_the_same_peers_for_a_while()
    {
        var network = new GossipNetwork(1, 20);
        for (int i = 1; i < 20; i++)
        {
            network.Connect(0, i);
            network.Nodes[i].Router.TrySubscribe(Topic);
        }

        network.Settle();
        var recipients = new HashSet<int>();
        network.Delivered = (from, to, rpc) => _ = from == 0 && rpc[0] == 0x12 ? recipients.Add(to) : default;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(new MeshOptions().Degree, network.Publish(0, Topic, [(byte)i]));
            network.Settle();
        }

        Assert.Equal(new MeshOptions().Degree, recipients.Count);
        network.Time.Advance(new MeshOptions().FanoutTtl);
        network.Beat();
        Assert.Empty(network.Nodes[0].MeshChanges);
    }

    [Fact]
    public void Flood_publishing_reaches_all_subscribers()
    {
        var network = new GossipNetwork(1, 20, new GossipsubOptions { FloodPublish = true });
        for (int i = 1; i < 20; i++)
            network.Connect(0, i);
        network.SubscribeAll(Topic);

        Assert.Equal(19, network.Publish(0, Topic, [1]));
    }

    [Fact]
    public void Malformed_rpc_is_refused_and_subscriptions_are_bounded()
    {
        GossipNetwork network = Pair();
        GossipRouter router = network.Nodes[0].Router;
        Assert.False(router.TryReceive(network.PeerAt(0, 1), [0x12, 5, 1]));
        Assert.False(router.TryReceive(network.PeerAt(0, 1), [0x1A, 2, 0x0A, 9]));

        for (int i = 0; i < 2 * Limits.GossipTopicsPerPeerMax; i++)
        {
            byte[] topic = System.Text.Encoding.UTF8.GetBytes("t" + i);
            Receive(network, writer => writer.AddSubscription(topic, isSubscribed: true));
        }

        Assert.Equal(Limits.GossipTopicsPerPeerMax, network.PeerAt(0, 1).Topics.Count);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(0, false)]
    public void Peers_that_a_prune_names_are_given_only_from_a_trusted_peer(double score, bool isTrusted)
    {
        var options = new GossipsubOptions { Score = new ScoreOptions { ApplicationScore = _ => score } };
        var network = new GossipNetwork(1, 2, options);
        network.Connect(1, 0);
        network.SubscribeAll(Topic);
        network.Beat(2);
        using SigningKey key = TestSwarm.Key(77);
        PeerId named = PeerId.FromPublicKey(key.PublicKey);
        byte[] record = SignedPeerRecord.Seal(key, 1, [Multiaddress.Parse("/ip4/127.0.0.1/tcp/4001")]);
        byte[] forged = [.. record];
        forged[^1] ^= 1;

        Receive(network, writer => writer.AddPrune(
            "news"u8, TimeSpan.FromSeconds(60), [new ExchangedPeer(named, record), new ExchangedPeer(named, forged), new ExchangedPeer(named, default)]));

        PeerId[] expected = isTrusted ? [named] : [];
        Assert.Equal(expected, network.Nodes[0].Exchanged.Select(peer => peer.Peer));
    }

    [Fact]
    public void Removed_peer_leaves_nothing_behind()
    {
        GossipNetwork network = Pair();
        GossipPeer peer = network.PeerAt(0, 1);

        network.Disconnect(0, 1);

        Assert.Empty(network.Nodes[0].Router.MeshPeers(Topic));
        Assert.Empty(network.Nodes[0].Router.Subscribers(Topic));
        Assert.False(network.Nodes[0].Router.TryReceive(peer, [0x0A, 8, 8, 1, 0x12, 4, .. "news"u8]));
        Assert.Empty(network.Nodes[0].Router.Subscribers(Topic));
    }

    [Fact]
    public void Warm_forwarding_allocates_nothing()
    {
        const int WarmCount = 5_000;   // so many that no table grows while 1,000 more are counted
        const int Count = 1_000;
        var network = new GossipNetwork(1, 6);
        for (int i = 1; i < 6; i++)
            network.Connect(i, 0);
        network.SubscribeAll(Topic);
        network.Beat(2);
        byte[][] rpcs = [.. Enumerable.Range(0, WarmCount + Count).Select(_ => Rpc(network.Nodes[1].Router.Prepare(Topic, new byte[200])!))];
        GossipRouter router = network.Nodes[0].Router;
        GossipPeer source = network.PeerAt(0, 1);
        GossipPeer[] others = [.. Enumerable.Range(1, 5).Select(i => network.PeerAt(0, i))];
        network.Nodes[0].IsCounting = true;
        Forward(rpcs.AsSpan(0, WarmCount));
        for (int i = 0; i < 6; i++)
            router.Heartbeat();   // the cache lets go of its frames

        long before = GC.GetAllocatedBytesForCurrentThread();
        Forward(rpcs.AsSpan(WarmCount, Count));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(WarmCount + Count, network.Nodes[0].ReceivedCount);

        void Forward(ReadOnlySpan<byte[]> messages)
        {
            foreach (byte[] rpc in messages)
            {
                router.TryReceive(source, rpc);
                foreach (GossipPeer peer in others)
                {
                    while (peer.Outbox.TryTake(out OutgoingFrame? frame))
                        frame!.Release();
                }
            }
        }
    }

    private static void AssertPromisesKept(GossipNetwork network, MessageFrame[] frames)
    {
        GossipPeer peer = network.PeerAt(0, 1);
        foreach (MessageFrame frame in frames)
        {
            Receive(network, writer => writer.AddIHave("news"u8, [frame]));
            Assert.Equal([RpcItemKind.IWant], Sent(peer));
            byte[] rpc = WithoutLength(frame.Bytes.ToArray());
            Assert.True(network.Nodes[0].Router.TryReceive(peer, rpc));
        }

        network.Beat(4);
        Assert.Equal(0, peer.Score.Behaviour);
        Assert.Equal(0, network.Nodes[0].Router.ScoreOf(peer.Id));
        Assert.Empty(network.Nodes[0].Received);
        Receive(network, writer => writer.AddIHave("news"u8, frames));
        Assert.Empty(Sent(peer));   // they are not asked for again
    }

    private static MessageFrame ForeignMessage(PeerId author, byte number)
    {
        Span<byte> id = stackalloc byte[Limits.GossipMessageIdLengthMax];
        var message = new PubsubMessage
        {
            From = author.Bytes,
            Data = [1],
            SequenceNumber = [0, 0, 0, 0, 0, 0, 0, number],
            Topic = "news"u8,
            Signature = new byte[256],
            Fields = 0b11_1110,
        };
        Assert.True(MessageId.TryCreate(id[..MessageIds.FromAuthor(message, id)], out MessageId messageId));
        MessageFrame frame = new FramePool().Take();
        frame.Fill(message, messageId, Topic, author, number);
        frame.Seal();
        return frame;
    }

    private static GossipNetwork Pair()
    {
        var network = new GossipNetwork(1, 2);
        network.Connect(1, 0);
        network.SubscribeAll(Topic);
        network.Beat(2);
        Assert.Single(network.Nodes[0].Router.MeshPeers(Topic));
        return network;
    }

    private static void Receive(GossipNetwork network, Action<RpcWriter> write, int peer = 1)
    {
        var writer = new RpcWriter();
        write(writer);
        OutgoingFrame frame = writer.TakeFrame();
        byte[] bytes = frame.Bytes.ToArray();
        Assert.True(network.Nodes[0].Router.TryReceive(network.PeerAt(0, peer), WithoutLength(bytes)));
    }

    private static byte[] Rpc(MessageFrame frame)
    {
        byte[] rpc = WithoutLength(frame.Bytes.ToArray());
        frame.Release();
        return rpc;
    }

    private static byte[] WithoutLength(byte[] frame) => frame[Network.Protobuf.UnsignedVarint.TryRead(frame, out _)..];

    // What waits for a peer, which is taken.
    private static List<RpcItemKind> Sent(GossipPeer peer)
    {
        var kinds = new List<RpcItemKind>();
        while (peer.Outbox.TryTake(out OutgoingFrame? frame))
        {
            var reader = new RpcReader(WithoutLength(frame!.Bytes.ToArray()));
            while (reader.TryRead(out RpcItem item))
                kinds.Add(item.Kind);
            frame.Release();
        }

        return kinds;
    }

    private static MessageFrame Frame(byte value)
    {
        Assert.True(MessageId.TryCreate([value, 7], out MessageId id));
        MessageFrame frame = new FramePool().Take();
        frame.Fill(new PubsubMessage { Topic = "news"u8, Fields = 0b1_0000 }, id, Topic, null, null);
        return frame;
    }
}
