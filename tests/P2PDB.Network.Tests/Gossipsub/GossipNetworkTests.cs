using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>Properties of whole networks. Each is run for several seeds; a failing seed stays in the list.</summary>
public class GossipNetworkTests
{
    private const string Topic = "news";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory, MemberData(nameof(Seeds))]
    public void Every_message_reaches_every_node_over_lossy_links_that_come_and_go(int seed)
    {
        var random = new Random(seed);
        var network = new GossipNetwork(seed, random.Next(20, 51)) { Loss = 0.15 };
        network.ConnectRandomly(dialsPerNode: 5);
        network.SubscribeAll(Topic);
        network.Beat(5);

        var published = new List<(int Author, string Data)>();
        for (int i = 0; i < 60; i++)
        {
            int author = random.Next(network.Nodes.Count);
            byte[] data = new byte[random.Next(4, 3_000)];
            random.NextBytes(data);
            network.Publish(author, Topic, data);
            published.Add((author, Convert.ToHexString(data)));
            network.Settle();
            if (i % 3 == 0)
                Flap(network, random);
            if (i % 2 == 0)
                network.Beat();
        }

        network.Beat(8);
        for (int node = 0; node < network.Nodes.Count; node++)
        {
            IEnumerable<string> expected = published.Where(message => message.Author != node).Select(message => message.Data).Order(StringComparer.Ordinal);
            Assert.Equal(expected, network.Nodes[node].Received.Order(StringComparer.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Meshes_stay_within_their_bounds_and_agree_at_both_ends(int seed)
    {
        var network = new GossipNetwork(seed, 40);
        network.ConnectRandomly(dialsPerNode: 10);
        network.SubscribeAll(Topic);
        network.Beat(30);

        var mesh = new MeshOptions();
        foreach (GossipNetworkNode node in network.Nodes)
        {
            var peers = node.Router.MeshPeers(Topic);
            Assert.InRange(peers.Count, mesh.DegreeLow, mesh.DegreeHigh + mesh.DegreeOutbound);
            foreach (GossipNetworkNode other in network.Nodes)
                Assert.Equal(peers.Contains(other.Id), other.Router.MeshPeers(Topic).Contains(node.Id));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Nobody_honest_is_ever_punished(int seed)
    {
        var random = new Random(seed);
        var network = new GossipNetwork(seed, 30) { Loss = 0 };
        network.ConnectRandomly(dialsPerNode: 8);
        network.SubscribeAll(Topic);
        for (int i = 0; i < 100; i++)
        {
            network.Publish(random.Next(30), Topic, [(byte)i, 1]);
            int leaver = random.Next(30);
            if (i % 10 == 0)
                network.Nodes[leaver].Router.Unsubscribe(Topic);
            network.Beat();
            Assert.True(network.Nodes[leaver].Router.TrySubscribe(Topic));
            network.Settle();
        }

        for (int i = 0; i < 30; i++)
        {
            for (int j = 0; j < 30; j++)
                Assert.Equal(0, network.Nodes[i].Router.ScoreOf(network.Nodes[j].Id));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Pruned_node_does_not_graft_within_the_backoff(int seed)
    {
        // Nodes graft as many as they should have and are grafted by as many: of these meshes some overflow.
        var network = new GossipNetwork(seed, 30, new GossipsubOptions { Mesh = new MeshOptions { DegreeHigh = 8 } });
        network.ConnectRandomly(dialsPerNode: 10);
        var prunedAt = new Dictionary<(int From, int To), long>();
        int pruneCount = 0;
        network.Delivered = (from, to, rpc) =>
        {
            var reader = new RpcReader(rpc);
            while (reader.TryRead(out RpcItem item))
            {
                if (item.Kind == RpcItemKind.Prune)
                {
                    prunedAt[(to, from)] = prunedAt[(from, to)] = network.Time.GetTimestamp();
                    pruneCount++;
                }
                else if (item.Kind == RpcItemKind.Graft && prunedAt.TryGetValue((from, to), out long at))
                {
                    TimeSpan since = network.Time.GetElapsedTime(at);
                    bool isCrossing = since == TimeSpan.Zero;   // under way when the PRUNE was
                    Assert.True(isCrossing || since >= new MeshOptions().PruneBackoff, $"a GRAFT {since} after the PRUNE");
                }
            }
        };

        network.SubscribeAll(Topic);
        network.Beat(150);

        Assert.True(pruneCount > 0);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Spammer_is_shut_out_and_others_still_talk(int seed)
    {
        const int Spammer = 0;
        var network = new GossipNetwork(seed, 25);
        network.ConnectRandomly(dialsPerNode: 6);
        network.SubscribeAll(Topic);
        network.Beat(3);
        for (int i = 0; i < 12; i++)
        {
            for (int node = 1; node < network.Nodes.Count; node++)
            {
                if (network.AreConnected(node, Spammer))
                    network.Nodes[node].Router.TryReceive(network.PeerAt(node, Spammer), Forged(network.Nodes[Spammer], (byte)i));
            }
        }

        network.Beat(2);
        for (int node = 1; node < network.Nodes.Count; node++)
        {
            Assert.DoesNotContain(network.Nodes[Spammer].Id, network.Nodes[node].Router.MeshPeers(Topic));
            Assert.Empty(network.Nodes[node].Received);
        }

        network.Publish(1, Topic, "still here"u8.ToArray());
        network.Beat(4);
        Assert.All(network.Nodes.Skip(2), node => Assert.Single(node.Received));
    }

    [Fact]
    public void Same_seed_is_the_same_run()
    {
        Assert.Equal(Digest(7), Digest(7));
        Assert.NotEqual(Digest(7), Digest(8));

        static string Digest(int seed)
        {
            var network = new GossipNetwork(seed, 20) { Loss = 0.2 };
            var hash = new System.Text.StringBuilder();
            network.Delivered = (from, to, rpc) => hash.Append(from).Append('>').Append(to).Append(':').Append(Convert.ToHexString(rpc)).Append('\n');
            network.ConnectRandomly(dialsPerNode: 5);
            network.SubscribeAll(Topic);
            for (int i = 0; i < 10; i++)
            {
                network.Publish(i, Topic, [(byte)i]);
                network.Beat();
            }

            return hash.ToString();
        }
    }

    // One link goes and comes back; the others hold the network together.
    private static void Flap(GossipNetwork network, Random random)
    {
        int node = random.Next(network.Nodes.Count);
        int other = random.Next(network.Nodes.Count);
        if (!network.AreConnected(node, other))
            return;

        network.Disconnect(node, other);
        network.Settle();
        network.Connect(node, other);
        network.Settle();
    }

    private static byte[] Forged(GossipNetworkNode author, byte number)
    {
        MessageFrame frame = author.Router.Prepare(Topic, [number])!;
        byte[] rpc = frame.Bytes.ToArray();
        frame.Release();
        rpc[^1] ^= 1;   // the end of the signature
        return rpc[UnsignedVarint.TryRead(rpc, out _)..];
    }
}
