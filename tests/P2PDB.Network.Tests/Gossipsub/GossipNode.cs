using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Network.Swarm;
using P2PDB.Network.Tests.Swarm;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;
using PubSub = P2PDB.Network.Protocols.Gossipsub.Gossipsub;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>A swarm on the loopback device with gossip on it.</summary>
internal sealed class GossipNode : IAsyncDisposable
{
    private readonly SigningKey _key;

    private GossipNode(SigningKey key, PeerSwarm swarm, PubSub gossip, Multiaddress address)
    {
        _key = key;
        Swarm = swarm;
        Gossip = gossip;
        Address = address;
        gossip.MessageReceived += message => Received.Enqueue((message.Topic, message.From, message.SequenceNumber, message.IsSigned, message.Data.ToArray()));
        gossip.MeshChanged += MeshChanges.Enqueue;
    }

    public PeerSwarm Swarm { get; }

    public PubSub Gossip { get; }

    public Multiaddress Address { get; }

    public PeerId Id => Swarm.LocalPeer;

    public ConcurrentQueue<(string Topic, PeerId? From, ulong? Number, bool IsSigned, byte[] Data)> Received { get; } = [];

    public ConcurrentQueue<MeshChange> MeshChanges { get; } = [];

    public static async Task<GossipNode> StartAsync(byte seed, GossipsubOptions? options = null, params string[] topics)
    {
        SigningKey key = TestSwarm.Key(seed);
        PeerSwarm swarm = TestSwarm.Create(seed);
        var gossip = new PubSub(swarm, key, options ?? Fast, TimeProvider.System, new Random(seed), NullLoggerFactory.Instance);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        foreach (string topic in topics)
            await gossip.SubscribeAsync(topic);
        return new GossipNode(key, swarm, gossip, address);
    }

    /// <summary>Heartbeats every 50 ms, so that tests need not wait long.</summary>
    public static GossipsubOptions Fast { get; } = new() { Mesh = new MeshOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(50) } };

    public async Task DialAsync(GossipNode other) =>
        Assert.Equal(DialStatus.Connected, (await Swarm.DialAsync(other.Address)).Status);

    public async Task UntilMeshedAsync(GossipNode other, string topic)
    {
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        while (!(await Gossip.GetMeshPeersAsync(topic, patience.Token)).Contains(other.Id))
            await Task.Yield();
    }

    public Task UntilReceivedAsync(int count) => TestSwarm.UntilAsync(() => Received.Count >= count);

    public async ValueTask DisposeAsync()
    {
        await Gossip.DisposeAsync();
        await Swarm.DisposeAsync();
        _key.Dispose();
    }
}
