using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What a router tells its owner. Called on the owner's loop, in the middle of the router's work: do not call it back.</summary>
internal sealed class GossipEvents
{
    /// <summary>A message was accepted.</summary>
    public Action<GossipMessage>? MessageReceived { get; set; }

    /// <summary>A peer's subscriptions changed.</summary>
    public Action<PeerId, IReadOnlyList<SubscriptionChange>>? SubscriptionsChanged { get; set; }

    /// <summary>A mesh changed.</summary>
    public Action<MeshChange>? MeshChanged { get; set; }

    /// <summary>A trusted peer that pruned us names others.</summary>
    public Action<IReadOnlyList<ExchangedPeer>>? PeersExchanged { get; set; }

    /// <summary>A validator has not answered yet: when it has, <see cref="GossipRouter.Complete"/> wants the verdict.</summary>
    public Action<PendingValidation, ValueTask<GossipVerdict>>? ValidationStarted { get; set; }
}
