namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Settings of <see cref="Gossipsub"/>. The defaults are those of the gossipsub specification.</summary>
public sealed record GossipsubOptions
{
    /// <summary>What messages must carry.</summary>
    public SigningPolicy SigningPolicy { get; init; } = SigningPolicy.StrictSign;

    /// <summary>
    /// Computes message ids. By default author and sequence number under <see cref="SigningPolicy.StrictSign"/>, SHA-256 of the data
    /// under <see cref="SigningPolicy.StrictNoSign"/>.
    /// </summary>
    public MessageIdFunction? MessageId { get; init; }

    /// <summary>Sends own messages to all subscribers with a score over the publish threshold, not to the mesh alone.</summary>
    public bool FloodPublish { get; init; }

    /// <summary>Tells pruned peers of others to connect to. For nodes that others bootstrap from.</summary>
    public bool PeerExchange { get; init; }

    /// <summary>Serves and uses <c>/floodsub/1.0.0</c> with peers that have nothing better.</summary>
    public bool Floodsub { get; init; } = true;

    /// <summary>Size and timing of the mesh.</summary>
    public MeshOptions Mesh { get; init; } = new();

    /// <summary>How peers are scored.</summary>
    public ScoreOptions Score { get; init; } = new();
}
