namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What is remembered of one peer's behaviour, also for a while after it left.</summary>
internal sealed class PeerScore
{
    /// <summary>Counters by topic.</summary>
    public Dictionary<string, TopicScore> Topics { get; } = [];

    /// <summary>The IP address it is connected from; null if that is not known.</summary>
    public string? Address { get; set; }

    /// <summary>Misbehaviour counted so far (P7).</summary>
    public double Behaviour { get; set; }

    /// <summary>What the application says (P5), as of the last decay.</summary>
    public double Application { get; set; }

    /// <summary>True while the peer is connected.</summary>
    public bool IsConnected { get; set; }

    /// <summary>When the score of a peer that left is forgotten.</summary>
    public TimeSpan ForgottenAt { get; set; }
}
