#pragma warning disable CS0067 // raised as soon as there is something to raise
using Microsoft.Extensions.Logging;
using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Gossipsub 1.2, 1.1 and 1.0 over a swarm. All members may be called from any thread. Events run on the loop of the gossip: a handler
/// that takes long holds up all messages, and must not wait for a call to this class.
/// </summary>
public sealed class Gossipsub : IAsyncDisposable
{
    /// <summary>Starts to serve and use gossipsub on a swarm.</summary>
    /// <param name="swarm">The node's swarm; stays the caller's and must outlive the gossip.</param>
    /// <param name="identity">The swarm's key, which signs messages; stays the caller's and must outlive the gossip.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock of heartbeats, back-off and scores.</param>
    /// <param name="random">The dice of the mesh; used by the gossip's loop alone.</param>
    /// <param name="loggerFactory">Where the gossip logs.</param>
    public Gossipsub(
        PeerSwarm swarm, SigningKey identity, GossipsubOptions options, TimeProvider time, Random random, ILoggerFactory loggerFactory)
    {
    }

    /// <summary>Raised for each valid message of a subscribed topic when it arrives for the first time. Own messages are not raised.</summary>
    public event Action<GossipMessage>? MessageReceived;

    /// <summary>Raised when a peer told us of changed subscriptions.</summary>
    public event Action<PeerId, IReadOnlyList<SubscriptionChange>>? SubscriptionsChanged;

    /// <summary>Raised for each GRAFT and PRUNE that changed a mesh.</summary>
    public event Action<MeshChange>? MeshChanged;

    /// <summary>Sets or, with null, removes the validator of a topic.</summary>
    public Task SetValidatorAsync(string topic, GossipValidator? validator, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Subscribes to a topic and grafts peers; does nothing if it is subscribed already.</summary>
    public Task SubscribeAsync(string topic, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Ends the subscription of a topic and prunes its mesh; does nothing if it is not subscribed.</summary>
    public Task UnsubscribeAsync(string topic, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>
    /// Publishes a message; the topic need not be subscribed. Waits while a recipient is behind by a whole queue: own messages are never
    /// dropped, and calls one after the other arrive in that order.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="data">The content, <see cref="Limits.GossipDataLengthMax"/> bytes at most; borrowed until the task completes.</param>
    /// <param name="cancellationToken">Ends the waiting; the message was not sent then.</param>
    /// <returns>The number of peers it is sent to now; gossip may bring it to others.</returns>
    public ValueTask<int> PublishAsync(string topic, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>The peers in the mesh of a topic.</summary>
    public Task<IReadOnlyList<PeerId>> GetMeshPeersAsync(string topic, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>The connected peers that subscribe to a topic.</summary>
    public Task<IReadOnlyList<PeerId>> GetSubscribersAsync(string topic, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>The score of a peer; 0 for one that is not known.</summary>
    public Task<double> GetScoreAsync(PeerId peer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Stops serving and closes the gossip's streams; connections stay. The swarm is still there for it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
