using System.Text;
using P2PDB.Network.Muxers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Network.Tests.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>Gossip over real connections.</summary>
public class GossipsubTests
{
    private const string Topic = "topic ✓";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_024)]
    [InlineData(500_000)]
    [InlineData(Limits.GossipDataLengthMax)]
    public async Task Message_arrives_with_author_and_number(int length)
    {
        await using GossipNode publisher = await GossipNode.StartAsync(1, null, Topic);
        await using GossipNode subscriber = await GossipNode.StartAsync(2, null, Topic);
        await publisher.DialAsync(subscriber);
        await publisher.UntilMeshedAsync(subscriber, Topic);
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);

        Assert.Equal(1, await publisher.Gossip.PublishAsync(Topic, data));
        await subscriber.UntilReceivedAsync(1);

        var (topic, from, number, isSigned, received) = subscriber.Received.Single();
        Assert.Equal(Topic, topic);
        Assert.Equal(publisher.Id, from);
        Assert.NotNull(number);
        Assert.True(isSigned);
        Assert.Equal(data, received);
        Assert.Empty(publisher.Received);
    }

    [Fact]
    public async Task Message_crosses_a_line_with_its_author()
    {
        await using GossipNode left = await GossipNode.StartAsync(1, null, Topic);
        await using GossipNode middle = await GossipNode.StartAsync(2, null, Topic);
        await using GossipNode right = await GossipNode.StartAsync(3, null, Topic);
        await left.DialAsync(middle);
        await middle.DialAsync(right);
        await left.UntilMeshedAsync(middle, Topic);
        await middle.UntilMeshedAsync(right, Topic);

        await left.Gossip.PublishAsync(Topic, "along"u8.ToArray());
        await right.UntilReceivedAsync(1);

        Assert.Equal(left.Id, right.Received.Single().From);
    }

    [Fact]
    public async Task Unsigned_messages_carry_no_author()
    {
        GossipsubOptions unsigned = GossipNode.Fast with { SigningPolicy = SigningPolicy.StrictNoSign };
        await using GossipNode publisher = await GossipNode.StartAsync(1, unsigned, Topic);
        await using GossipNode subscriber = await GossipNode.StartAsync(2, unsigned, Topic);
        await publisher.DialAsync(subscriber);
        await publisher.UntilMeshedAsync(subscriber, Topic);

        await publisher.Gossip.PublishAsync(Topic, "nobody's"u8.ToArray());
        await subscriber.UntilReceivedAsync(1);

        var (_, from, number, isSigned, _) = subscriber.Received.Single();
        Assert.Null(from);
        Assert.Null(number);
        Assert.False(isSigned);
    }

    [Fact]
    public async Task Ten_thousand_messages_arrive_in_order_and_none_is_lost()
    {
        const int Count = 10_000;
        await using GossipNode publisher = await GossipNode.StartAsync(1, null, Topic);
        await using GossipNode subscriber = await GossipNode.StartAsync(2, null, Topic);
        await publisher.DialAsync(subscriber);
        await publisher.UntilMeshedAsync(subscriber, Topic);

        byte[] data = new byte[128];
        for (int i = 0; i < Count; i++)
        {
            BitConverter.TryWriteBytes(data, i);
            Assert.Equal(1, await publisher.Gossip.PublishAsync(Topic, data));
        }

        await subscriber.UntilReceivedAsync(Count);
        Assert.Equal(Enumerable.Range(0, Count), subscriber.Received.Select(message => BitConverter.ToInt32(message.Data)));
    }

    [Fact]
    public async Task Unsubscribed_node_leaves_the_mesh_and_gets_nothing()
    {
        await using GossipNode publisher = await GossipNode.StartAsync(1, null, Topic);
        await using GossipNode subscriber = await GossipNode.StartAsync(2, null, Topic);
        await publisher.DialAsync(subscriber);
        await publisher.UntilMeshedAsync(subscriber, Topic);
        await subscriber.UntilMeshedAsync(publisher, Topic);
        int changeCount = 0;
        publisher.Gossip.SubscriptionsChanged += (peer, changes) =>
            changeCount += peer == subscriber.Id && changes is [{ Topic: Topic, IsSubscribed: false }] ? 1 : 0;

        await subscriber.Gossip.UnsubscribeAsync(Topic);
        await TestSwarm.UntilAsync(() => Volatile.Read(ref changeCount) == 1);

        Assert.Equal(0, await publisher.Gossip.PublishAsync(Topic, "unheard"u8.ToArray()));
        Assert.Empty(await publisher.Gossip.GetMeshPeersAsync(Topic));
        Assert.Contains(new MeshChange(publisher.Id, Topic, IsGraft: false, IsInbound: false), subscriber.MeshChanges);
    }

    [Fact]
    public async Task Slow_validator_delays_only_its_message_and_its_verdict_counts()
    {
        await using GossipNode publisher = await GossipNode.StartAsync(1, null, Topic);
        await using GossipNode subscriber = await GossipNode.StartAsync(2, null, Topic);
        var verdict = new TaskCompletionSource<GossipVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        await subscriber.Gossip.SetValidatorAsync(Topic, async (message, token) => message.Data.Span[0] switch
        {
            (byte)'s' => await verdict.Task.WaitAsync(token),
            (byte)'r' => GossipVerdict.Reject,
            _ => GossipVerdict.Accept,
        });
        await publisher.DialAsync(subscriber);
        await publisher.UntilMeshedAsync(subscriber, Topic);

        foreach (string text in new[] { "slow", "rejected", "quick" })
            await publisher.Gossip.PublishAsync(Topic, Encoding.UTF8.GetBytes(text));
        await subscriber.UntilReceivedAsync(1);
        verdict.SetResult(GossipVerdict.Accept);
        await subscriber.UntilReceivedAsync(2);

        Assert.Equal(["quick", "slow"], subscriber.Received.Select(message => Encoding.UTF8.GetString(message.Data)));
        Assert.True(await subscriber.Gossip.GetScoreAsync(publisher.Id) < 0);
    }

    [Fact]
    public async Task Peer_that_connects_again_is_meshed_again()
    {
        await using GossipNode publisher = await GossipNode.StartAsync(1, null, Topic);
        await using GossipNode subscriber = await GossipNode.StartAsync(2, null, Topic);
        for (int i = 1; i <= 3; i++)
        {
            await publisher.DialAsync(subscriber);
            await publisher.UntilMeshedAsync(subscriber, Topic);
            await publisher.Gossip.PublishAsync(Topic, "again"u8.ToArray());
            await subscriber.UntilReceivedAsync(i);
            await publisher.Swarm.DisconnectAsync(subscriber.Id);
            using var patience = new CancellationTokenSource(TestSwarm.Patience);
            while ((await publisher.Gossip.GetSubscribersAsync(Topic, patience.Token)).Count > 0)
                await Task.Yield();
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x80, 0x40 })]              // one byte more than an RPC may have
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x03, 0x12, 0x05, 0x01 })]        // a field that is longer than its RPC
    public async Task Stream_that_speaks_no_rpc_is_reset_and_the_connection_stays(byte[] bytes)
    {
        await using GossipNode node = await GossipNode.StartAsync(1, null, Topic);
        await using PeerSwarm hostile = TestSwarm.Create(9);
        hostile.Handle("/meshsub/1.1.0", static (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        await hostile.DialAsync(node.Address);
        MuxedStream stream = (await hostile.OpenStreamAsync(node.Id, "/meshsub/1.1.0")).Stream!;

        await stream.WriteAsync(bytes, CancellationToken.None);

        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        await Assert.ThrowsAsync<StreamResetException>(async () => await stream.ReadAsync(new byte[1], patience.Token));
        Assert.NotNull(await hostile.PingAsync(node.Id));
    }

    [Fact]
    public async Task Publishing_ends_only_once_the_loop_has_let_go_of_the_data()
    {
        using var isReading = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        GossipsubOptions slow = GossipNode.Fast with
        {
            MessageId = (in PubsubMessage message, Span<byte> id) =>
            {
                isReading.Set();
                mayGoOn.Wait(TestSwarm.Patience);
                return MessageIds.FromAuthor(message, id);
            },
        };
        await using GossipNode node = await GossipNode.StartAsync(1, slow, Topic);
        Task<int> publishing = node.Gossip.PublishAsync(Topic, "borrowed"u8.ToArray()).AsTask();
        await TestSwarm.UntilAsync(() => isReading.IsSet);
        Task<double>[] asking = [.. Enumerable.Range(0, 10).Select(_ => node.Gossip.GetScoreAsync(node.Id))];

        Task ending = node.Gossip.DisposeAsync().AsTask();
        foreach (Task<double> ask in asking)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask.WaitAsync(TestSwarm.Patience));
        for (int i = 0; i < 10_000; i++)
            await Task.Yield();   // time enough for one that does not wait
        Assert.False(publishing.IsCompleted);
        mayGoOn.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing.WaitAsync(TestSwarm.Patience));
        await ending;
    }

    [Fact]
    public async Task Wrong_arguments_are_refused()
    {
        await using GossipNode node = await GossipNode.StartAsync(1);

        await Assert.ThrowsAsync<ArgumentException>(() => node.Gossip.SubscribeAsync(new string('x', Limits.GossipTopicLengthMax + 1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await node.Gossip.PublishAsync(Topic, new byte[Limits.GossipDataLengthMax + 1]));
    }
}
