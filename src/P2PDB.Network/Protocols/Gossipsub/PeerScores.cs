using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The scores of all peers, by the formula of the gossipsub 1.1 specification.</summary>
internal sealed class PeerScores(ScoreOptions options, Func<string, bool> isSubscribed)
{
    private readonly Dictionary<PeerId, PeerScore> _scores = [];
    private readonly Dictionary<string, int> _addresses = [];
    private readonly List<PeerId> _forgotten = [];
    private readonly List<string> _empty = [];
    private TimeSpan _decayedAt;

    /// <summary>The score of a peer that has just connected: what is remembered of it goes on.</summary>
    public PeerScore Connect(PeerId peer, string? address)
    {
        if (!_scores.TryGetValue(peer, out PeerScore? score))
            _scores.Add(peer, score = new PeerScore());
        score.IsConnected = true;
        score.Address = address;
        score.Application = options.ApplicationScore?.Invoke(peer) ?? 0;
        if (address is not null)
            _addresses[address] = _addresses.GetValueOrDefault(address) + 1;
        return score;
    }

    /// <summary>The peer has left. A good score is forgotten at once, so that it cannot be kept for later; a bad one stays for a while.</summary>
    public void Disconnect(PeerId peer, TimeSpan now)
    {
        if (!_scores.TryGetValue(peer, out PeerScore? score))
            return;

        bool isGood = ValueOf(score) > 0;
        if (score.Address is { } address)
        {
            int left = _addresses[address] - 1;
            if (left == 0)
                _addresses.Remove(address);
            else
                _addresses[address] = left;
            score.Address = null;
        }

        foreach (TopicScore topic in score.Topics.Values)
        {
            topic.ForgetDeliveries();
            topic.Prune();
        }

        score.IsConnected = false;
        score.ForgottenAt = now + options.RetainScore;
        if (isGood || ValueOf(score) >= 0 || _scores.Count > Limits.GossipScoreCountMax)
            _scores.Remove(peer);
    }

    /// <summary>The score of a peer; 0 for one that is not known.</summary>
    public double ValueOf(PeerId peer) => _scores.TryGetValue(peer, out PeerScore? score) ? ValueOf(score) : 0;

    /// <summary>The score.</summary>
    public double ValueOf(PeerScore peer)
    {
        double topics = 0;
        foreach (TopicScore topic in peer.Topics.Values)
            topics += topic.Value;
        if (options.TopicScoreCap > 0)
            topics = Math.Min(topics, options.TopicScoreCap);

        double score = topics + (options.ApplicationWeight * peer.Application);
        if (options.ColocationWeight != 0 && peer.Address is { } address)
        {
            int surplus = _addresses.GetValueOrDefault(address) - options.ColocationThreshold;
            if (surplus > 0)
                score += options.ColocationWeight * surplus * surplus;
        }

        double misbehaviour = peer.Behaviour - options.BehaviourThreshold;
        if (misbehaviour > 0)
            score += options.BehaviourWeight * misbehaviour * misbehaviour;
        return score;
    }

    /// <summary>The peer entered the mesh of a topic.</summary>
    public void Graft(PeerScore peer, string topic, TimeSpan now) => TopicOf(peer, topic)?.Graft(now);

    /// <summary>The peer left the mesh of a topic.</summary>
    public static void Prune(PeerScore peer, string topic)
    {
        if (peer.Topics.TryGetValue(topic, out TopicScore? score))
            score.Prune();
    }

    /// <summary>The peer delivered an accepted message first.</summary>
    public void CountFirst(PeerScore peer, string topic) => TopicOf(peer, topic)?.CountFirst();

    /// <summary>The peer delivered a copy of a message that was accepted so long ago.</summary>
    public void CountCopy(PeerScore peer, string topic, TimeSpan age)
    {
        if (TopicOf(peer, topic) is { } score && age <= score.Window)
            score.CountCopy();
    }

    /// <summary>The peer delivered a rejected message.</summary>
    public void CountInvalid(PeerScore peer, string topic) => TopicOf(peer, topic)?.CountInvalid();

    /// <summary>Lets all counters decay, as often as the interval has passed, and forgets what is over.</summary>
    public void Decay(TimeSpan now)
    {
        while (now - _decayedAt >= options.DecayInterval)
        {
            _decayedAt += options.DecayInterval;
            foreach ((PeerId peer, PeerScore score) in _scores)
                Decay(peer, score);
        }

        foreach (PeerId peer in _forgotten)
            _scores.Remove(peer);
        _forgotten.Clear();
    }

    private void Decay(PeerId peer, PeerScore score)
    {
        if (!score.IsConnected)
        {
            // A score does not decay while its peer is away: waiting outside must not wash it clean.
            if (_decayedAt >= score.ForgottenAt)
                _forgotten.Add(peer);
            return;
        }

        score.Behaviour = TopicScore.Decayed(score.Behaviour, options.BehaviourDecay, options.DecayToZero);
        score.Application = options.ApplicationScore?.Invoke(peer) ?? 0;
        foreach ((string name, TopicScore topic) in score.Topics)
        {
            topic.Decay(_decayedAt, options.DecayToZero);
            if (topic.IsZero)
                _empty.Add(name);
        }

        foreach (string name in _empty)
            score.Topics.Remove(name);
        _empty.Clear();
    }

    // Only own topics are counted: peers cannot make us count others.
    private TopicScore? TopicOf(PeerScore peer, string topic)
    {
        if (!peer.Topics.TryGetValue(topic, out TopicScore? score) && isSubscribed(topic))
            peer.Topics.Add(topic, score = new TopicScore(options.Topics.GetValueOrDefault(topic, options.DefaultTopic)));
        return score;
    }
}
