using System.Text;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What a node knows of one topic, be it subscribed or only its peers' topic.</summary>
internal sealed class TopicState(string name)
{
    /// <summary>The topic.</summary>
    public string Name { get; } = name;

    /// <summary>The topic as it goes out.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>True if this node subscribes.</summary>
    public bool IsSubscribed { get; set; }

    /// <summary>Judges messages; null accepts all.</summary>
    public GossipValidator? Validator { get; set; }

    /// <summary>Connected peers that subscribe.</summary>
    public List<GossipPeer> Subscribers { get; } = [];

    /// <summary>Peers in the mesh; empty while not subscribed.</summary>
    public List<GossipPeer> Mesh { get; } = [];

    /// <summary>Peers that own messages go to while not subscribed.</summary>
    public List<GossipPeer> Fanout { get; } = [];

    /// <summary>When the fanout was last used.</summary>
    public TimeSpan FanoutUsedAt { get; set; }

    /// <summary>Until when peers must not be grafted, by peer.</summary>
    public Dictionary<PeerId, TimeSpan> Backoffs { get; } = [];

    /// <summary>Messages to gossip about at this heartbeat.</summary>
    public List<MessageFrame> Gossiped { get; } = [];

    /// <summary>True if nothing keeps the topic.</summary>
    public bool IsUnused => !IsSubscribed && Validator is null && Subscribers.Count == 0 && Fanout.Count == 0 && Backoffs.Count == 0;
}
