using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// How peers are scored, by the parameters of the gossipsub 1.1 specification. By default only misbehaviour counts, so that the score of
/// an honest peer is zero.
/// </summary>
public sealed record ScoreOptions
{
    /// <summary>Below it no gossip is exchanged with a peer.</summary>
    public double GossipThreshold { get; init; } = -10;

    /// <summary>Below it own messages are not sent to a peer outside of the mesh.</summary>
    public double PublishThreshold { get; init; } = -50;

    /// <summary>Below it all that a peer sends is ignored.</summary>
    public double GraylistThreshold { get; init; } = -80;

    /// <summary>From it on peers that a PRUNE names are connected to.</summary>
    public double AcceptPeerExchangeThreshold { get; init; } = 10;

    /// <summary>While the median score of a mesh is below it, better peers are grafted.</summary>
    public double OpportunisticGraftThreshold { get; init; } = 1;

    /// <summary>Scores of topics that <see cref="Topics"/> does not name.</summary>
    public TopicScoreOptions DefaultTopic { get; init; } = new();

    /// <summary>Scores by topic.</summary>
    public IReadOnlyDictionary<string, TopicScoreOptions> Topics { get; init; } = new Dictionary<string, TopicScoreOptions>();

    /// <summary>Most that all topics together can add; 0 for no bound.</summary>
    public double TopicScoreCap { get; init; }

    /// <summary>The application's own score of a peer (P5); called each heartbeat.</summary>
    public Func<PeerId, double>? ApplicationScore { get; init; }

    /// <summary>Weight of P5.</summary>
    public double ApplicationWeight { get; init; } = 1;

    /// <summary>Weight of the square of peers over the threshold that share an IP address (P6); 0 or less.</summary>
    public double ColocationWeight { get; init; }

    /// <summary>Peers that may share an IP address.</summary>
    public int ColocationThreshold { get; init; } = 10;

    /// <summary>Weight of the square of misbehaviour over the threshold (P7): grafts within the back-off, broken promises; 0 or less.</summary>
    public double BehaviourWeight { get; init; } = -10;

    /// <summary>Misbehaviour that is forgiven.</summary>
    public double BehaviourThreshold { get; init; } = 6;

    /// <summary>Factor of misbehaviour's decay.</summary>
    public double BehaviourDecay { get; init; } = 0.986;

    /// <summary>Pause between decays.</summary>
    public TimeSpan DecayInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Counters below it become zero.</summary>
    public double DecayToZero { get; init; } = 0.01;

    /// <summary>How long the score of a peer that left is remembered.</summary>
    public TimeSpan RetainScore { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="ArgumentException">A threshold or weight has the wrong sign, or the thresholds are out of order.</exception>
    internal void Validate()
    {
        bool isValid = GossipThreshold <= 0 && PublishThreshold <= GossipThreshold && GraylistThreshold <= PublishThreshold
            && AcceptPeerExchangeThreshold >= 0 && OpportunisticGraftThreshold >= 0 && TopicScoreCap >= 0
            && ColocationWeight <= 0 && BehaviourWeight <= 0 && BehaviourDecay is > 0 and < 1 && DecayInterval > TimeSpan.Zero;
        if (!isValid)
        {
            throw new ArgumentException("Score options must hold GraylistThreshold <= PublishThreshold <= GossipThreshold <= 0, "
                + "penalties with weights of 0 or less, and decays between 0 and 1.");
        }
    }
}
