using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A connected peer that speaks the protocol.</summary>
internal sealed class GossipPeer(PeerId id, GossipProtocol protocol, bool isOutbound, PeerScore score, Outbox outbox)
{
    /// <summary>The peer.</summary>
    public PeerId Id { get; } = id;

    /// <summary>What it can.</summary>
    public GossipProtocol Protocol { get; } = protocol;

    /// <summary>True if this node dialled.</summary>
    public bool IsOutbound { get; } = isOutbound;

    /// <summary>Its behaviour.</summary>
    public PeerScore Score { get; } = score;

    /// <summary>What waits to be written to it.</summary>
    public Outbox Outbox { get; } = outbox;

    /// <summary>Topics it subscribes to.</summary>
    public HashSet<TopicState> Topics { get; } = [];

    /// <summary>Control items for it that have not gone out yet; null without any.</summary>
    public RpcWriter? Pending { get; set; }

    /// <summary>True while it is among the peers with pending items.</summary>
    public bool IsPending { get; set; }

    /// <summary>True once it was removed: what still comes from it is not taken.</summary>
    public bool IsGone { get; set; }

    /// <summary>IHAVEs taken from it since the last heartbeat.</summary>
    public int IHaveCount { get; set; }

    /// <summary>Messages asked of it since the last heartbeat.</summary>
    public int AskedCount { get; set; }

    /// <summary>IDONTWANT ids taken from it since the last heartbeat.</summary>
    public int IDontWantCount { get; set; }

    /// <summary>Messages it needs no copies of, each with the heartbeat that forgets it.</summary>
    public Dictionary<MessageId, long> Unwanted { get; } = [];
}
