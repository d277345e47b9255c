namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Size and timing of the mesh. Names in parentheses are those of the specification.</summary>
public sealed record MeshOptions
{
    /// <summary>Peers a mesh should have (D).</summary>
    public int Degree { get; init; } = 6;

    /// <summary>With fewer, peers are grafted (D_lo).</summary>
    public int DegreeLow { get; init; } = 4;

    /// <summary>With more, peers are pruned (D_hi).</summary>
    public int DegreeHigh { get; init; } = 12;

    /// <summary>Peers of the best scores that pruning keeps (D_score).</summary>
    public int DegreeScore { get; init; } = 4;

    /// <summary>Peers that this node dialled which a mesh should have (D_out); under <see cref="DegreeLow"/> and half of <see cref="Degree"/>.</summary>
    public int DegreeOutbound { get; init; } = 2;

    /// <summary>Peers outside of the mesh that each heartbeat gossips to, at least (D_lazy).</summary>
    public int DegreeLazy { get; init; } = 6;

    /// <summary>Share of the peers outside of the mesh that each heartbeat gossips to, where that is more.</summary>
    public double GossipFactor { get; init; } = 0.25;

    /// <summary>Pause between heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long peers of a topic that is published to but not subscribed are remembered after the last message.</summary>
    public TimeSpan FanoutTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Heartbeats for which messages can be asked for (mcache_len).</summary>
    public int HistoryLength { get; init; } = 5;

    /// <summary>Heartbeats for which messages are gossiped about (mcache_gossip).</summary>
    public int HistoryGossip { get; init; } = 3;

    /// <summary>How long a message is known as seen, at least while <see cref="Limits.GossipSeenCountMax"/> allows it.</summary>
    public TimeSpan SeenTtl { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a pruned peer must not graft.</summary>
    public TimeSpan PruneBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same after a peer unsubscribed.</summary>
    public TimeSpan UnsubscribeBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A GRAFT that comes sooner after the PRUNE is punished twice.</summary>
    public TimeSpan GraftFloodThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Heartbeats between attempts to better a mesh of bad scores.</summary>
    public int OpportunisticGraftTicks { get; init; } = 60;

    /// <summary>Peers grafted by such an attempt.</summary>
    public int OpportunisticGraftPeers { get; init; } = 2;

    /// <summary>How long a peer may take to send what it advertised and was asked for.</summary>
    public TimeSpan IWantFollowupTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Times a message is sent to one peer that asks for it.</summary>
    public int GossipRetransmission { get; init; } = 3;

    /// <summary>Length of data, bytes, from which on a received message is announced by IDONTWANT.</summary>
    public int IDontWantThreshold { get; init; } = 1_024;

    /// <summary>Peers named in a PRUNE with peer exchange.</summary>
    public int PrunePeers { get; init; } = 16;

    /// <exception cref="ArgumentException">The numbers contradict each other.</exception>
    internal void Validate()
    {
        bool isValid = DegreeLow is > 0 && DegreeLow <= Degree && Degree <= DegreeHigh && DegreeScore >= 0 && DegreeScore <= Degree
            && DegreeOutbound >= 0 && DegreeOutbound < DegreeLow && DegreeOutbound <= Degree / 2
            && DegreeLazy >= 0 && HistoryGossip > 0 && HistoryGossip <= HistoryLength
            && HeartbeatInterval > TimeSpan.Zero && OpportunisticGraftTicks > 0;
        if (!isValid)
        {
            throw new ArgumentException("Mesh options must hold DegreeOutbound < DegreeLow <= Degree <= DegreeHigh, "
                + "DegreeOutbound <= Degree / 2, DegreeScore <= Degree, HistoryGossip <= HistoryLength, and be above zero.");
        }
    }
}
