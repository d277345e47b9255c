using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>
/// Routers whose queues are carried from one to the other in one thread: the protocol as it is, over links that only tests have. A seed
/// decides everything, so a run repeats.
/// </summary>
internal sealed class GossipNetwork
{
    private readonly Dictionary<(int From, int To), GossipPeer> _links = [];   // how From sees To
    private readonly Random _random;

    public GossipNetwork(int seed, int nodeCount, GossipsubOptions? options = null)
    {
        _random = new Random(seed);
        for (int i = 0; i < nodeCount; i++)
            Nodes.Add(new GossipNetworkNode(i, seed, options ?? new GossipsubOptions(), Time));
    }

    public ManualTimeProvider Time { get; } = new();

    public List<GossipNetworkNode> Nodes { get; } = [];

    /// <summary>Share of message frames that links lose, as a queue that overflows does. Control frames are never lost.</summary>
    public double Loss { get; set; }

    /// <summary>Sees each frame that arrives: sender, receiver, RPC.</summary>
    public Action<int, int, byte[]>? Delivered { get; set; }

    public GossipPeer PeerAt(int node, int other) => _links[(node, other)];

    public bool AreConnected(int node, int other) => _links.ContainsKey((node, other));

    public void Connect(int dialer, int listener)
    {
        _links.Add((dialer, listener), Add(dialer, listener, isOutbound: true));
        _links.Add((listener, dialer), Add(listener, dialer, isOutbound: false));
    }

    public void Disconnect(int left, int right)
    {
        foreach ((int from, int to) in new[] { (left, right), (right, left) })
        {
            Assert.True(_links.Remove((from, to), out GossipPeer? peer));
            peer.Outbox.Close();
            Nodes[from].Router.RemovePeer(peer);
        }
    }

    /// <summary>Each node dials some others, such that all are in one piece.</summary>
    public void ConnectRandomly(int dialsPerNode)
    {
        for (int i = 1; i < Nodes.Count; i++)
            Connect(i, _random.Next(i));
        for (int i = 0; i < Nodes.Count; i++)
        {
            for (int dial = 1; dial < dialsPerNode; dial++)
            {
                int other = _random.Next(Nodes.Count);
                if (other != i && !AreConnected(i, other))
                    Connect(i, other);
            }
        }
    }

    public void SubscribeAll(string topic)
    {
        foreach (GossipNetworkNode node in Nodes)
            Assert.True(node.Router.TrySubscribe(topic));
        Settle();
    }

    public int Publish(int node, string topic, byte[] data)
    {
        MessageFrame frame = Nodes[node].Router.Prepare(topic, data)!;
        Assert.True(Nodes[node].Router.TryPublish(frame, out int count));
        frame.Release();
        return count;
    }

    /// <summary>Carries frames until none is left.</summary>
    public void Settle()
    {
        bool isMoved = true;
        while (isMoved)
        {
            isMoved = false;
            foreach (((int from, int to), GossipPeer peer) in _links.ToArray())
            {
                while (peer.Outbox.TryTake(out OutgoingFrame? frame))
                {
                    isMoved = true;
                    byte[] bytes = frame!.Bytes.ToArray();
                    bool isLost = frame is MessageFrame && _random.NextDouble() < Loss;
                    frame.Release();
                    if (!isLost)
                        Deliver(from, to, bytes);
                }
            }
        }
    }

    /// <summary>Time passes, with a heartbeat of every node each second.</summary>
    public void Beat(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            foreach (GossipNetworkNode node in Nodes)
                node.Router.Heartbeat();
            Settle();
        }
    }

    private void Deliver(int from, int to, byte[] frame)
    {
        int prefixLength = UnsignedVarint.TryRead(frame, out ulong length);
        Assert.Equal((ulong)(frame.Length - prefixLength), length);
        Assert.InRange(length, 0ul, (ulong)Limits.GossipRpcLengthMax);
        byte[] rpc = frame[prefixLength..];
        Delivered?.Invoke(from, to, rpc);
        Assert.True(Nodes[to].Router.TryReceive(_links[(to, from)], rpc));
    }

    private GossipPeer Add(int node, int other, bool isOutbound) =>
        Nodes[node].Router.AddPeer(Nodes[other].Id, GossipProtocol.V12, isOutbound, null, new Outbox(Time));
}
