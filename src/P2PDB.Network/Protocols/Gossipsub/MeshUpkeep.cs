// A mesh is the small part of a topic's peers that get every message at once. Both ends agree on it: who adds a peer says GRAFT, who
// removes one says PRUNE and how long the other must not graft. Each heartbeat brings a mesh that is too small or too large back to its
// degree, keeps peers of bad score out, and some peers that this node dialled in: others can fill a mesh with connections they make,
// not with those we make.
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Keeps the meshes and fanouts of a router.</summary>
internal sealed class MeshUpkeep(GossipState state)
{
    private readonly List<GossipPeer> _candidates = [];
    private readonly List<GossipPeer> _removed = [];
    private readonly List<PeerId> _expired = [];

    /// <summary>Fills the mesh of a topic that this node has just subscribed to.</summary>
    public void Join(TopicState topic)
    {
        foreach (GossipPeer peer in topic.Fanout)
        {
            if (topic.Mesh.Count < state.Mesh.Degree && state.ScoreOf(peer) >= 0 && MayGraft(topic, peer))
                Graft(topic, peer);
        }

        topic.Fanout.Clear();
        Fill(topic, state.Mesh.Degree);
    }

    /// <summary>Dissolves the mesh of a topic that this node leaves.</summary>
    public void Leave(TopicState topic)
    {
        for (int i = topic.Mesh.Count - 1; i >= 0; i--)
            Prune(topic, topic.Mesh[i], state.Mesh.UnsubscribeBackoff, withPeers: false);
    }

    /// <summary>A peer takes us into its mesh.</summary>
    public void TakeGraft(GossipPeer peer, ReadOnlySpan<byte> topicName)
    {
        // For a topic we are not in there is no answer: it would tell a stranger which topics we know.
        if (state.FindTopic(topicName) is not { IsSubscribed: true } topic || topic.Mesh.Contains(peer))
            return;

        TimeSpan now = state.Now;
        if (topic.Backoffs.TryGetValue(peer.Id, out TimeSpan until) && now < until)
        {
            bool isFlood = now < until + state.Mesh.GraftFloodThreshold - state.Mesh.PruneBackoff;
            peer.Score.Behaviour += isFlood ? 2 : 1;
            Refuse(topic, peer, withPeers: false);
        }
        else if (state.ScoreOf(peer) < 0)
        {
            Refuse(topic, peer, withPeers: false);
        }
        else if (topic.Mesh.Count >= state.Mesh.DegreeHigh && !peer.IsOutbound)
        {
            Refuse(topic, peer, withPeers: true);
        }
        else
        {
            Add(topic, peer, isInbound: true);
        }
    }

    /// <summary>A peer removes us from its mesh.</summary>
    public void TakePrune(GossipPeer peer, in RpcItem prune)
    {
        if (state.FindTopic(prune.Topic) is not { IsSubscribed: true } topic)
            return;

        ulong seconds = 0;
        var reader = new ProtobufReader(prune.Body);
        while (reader.TryReadField(out ProtobufField field, out ulong value, out _))
        {
            if (field.IsVarint(3))
                seconds = value;
        }

        TimeSpan backoff = seconds == 0 ? state.Mesh.PruneBackoff
            : TimeSpan.FromSeconds(Math.Min(seconds, Limits.GossipBackoffMax.TotalSeconds));
        // One that leaves the topic says so first, and is in the mesh no more when its PRUNE comes. Anybody can say that he leaves: such
        // back-offs leave room for others.
        bool wasInMesh = topic.Mesh.Remove(peer);
        SetBackoff(topic, peer, backoff, wasInMesh ? Limits.GossipBackoffCountMax : Limits.GossipBackoffCountMax / 2);
        if (wasInMesh)
        {
            PeerScores.Prune(peer.Score, topic.Name);
            state.Events.MeshChanged?.Invoke(new MeshChange(peer.Id, topic.Name, IsGraft: false, IsInbound: true));
        }

        if (state.Events.PeersExchanged is { } exchange && state.ScoreOf(peer) >= state.Options.Score.AcceptPeerExchangeThreshold
            && PeerExchange.Read(prune.Body, state.Mesh.PrunePeers) is { Count: > 0 } named)
        {
            exchange(named);
        }
    }

    /// <summary>A peer is gone, or has left the topic.</summary>
    public static void Remove(TopicState topic, GossipPeer peer)
    {
        if (topic.Mesh.Remove(peer))
            PeerScores.Prune(peer.Score, topic.Name);
        topic.Fanout.Remove(peer);
    }

    /// <summary>Brings all meshes and fanouts into their bounds.</summary>
    public void Heartbeat()
    {
        foreach (TopicState topic in state.OwnTopics)
        {
            DropBad(topic);
            if (topic.Mesh.Count < state.Mesh.DegreeLow)
                Fill(topic, state.Mesh.Degree);
            if (topic.Mesh.Count > state.Mesh.DegreeHigh)
                Shrink(topic);
            if (topic.Mesh.Count >= state.Mesh.DegreeLow)
                AddOutbound(topic);
            if (state.Tick % state.Mesh.OpportunisticGraftTicks == 0)
                GraftBetter(topic);
        }

        TimeSpan now = state.Now;
        foreach (TopicState topic in state.Topics)
        {
            if (topic.Fanout.Count > 0 && now - topic.FanoutUsedAt >= state.Mesh.FanoutTtl)
                topic.Fanout.Clear();
            if (topic.Fanout.Count > 0)
                FillFanout(topic);
            if (state.Tick % Limits.GossipSweepTicks == 0 && topic.Backoffs.Count > 0)
                ForgetBackoffs(topic, now);
        }
    }

    /// <summary>Fills the fanout with peers that own messages may go to; drops others.</summary>
    public void FillFanout(TopicState topic)
    {
        double threshold = state.Options.Score.PublishThreshold;
        for (int i = topic.Fanout.Count - 1; i >= 0; i--)
        {
            if (state.ScoreOf(topic.Fanout[i]) < threshold)
                topic.Fanout.RemoveAt(i);
        }

        if (topic.Fanout.Count >= state.Mesh.Degree)
            return;

        _candidates.Clear();
        foreach (GossipPeer peer in topic.Subscribers)
        {
            if (peer.Protocol != GossipProtocol.Floodsub && !topic.Fanout.Contains(peer) && state.ScoreOf(peer) >= threshold)
                _candidates.Add(peer);
        }

        state.Shuffle(_candidates);
        foreach (GossipPeer peer in _candidates)
        {
            if (topic.Fanout.Count >= state.Mesh.Degree)
                break;
            topic.Fanout.Add(peer);
        }
    }

    private void DropBad(TopicState topic)
    {
        for (int i = topic.Mesh.Count - 1; i >= 0; i--)
        {
            if (state.ScoreOf(topic.Mesh[i]) < 0)
                Prune(topic, topic.Mesh[i], state.Mesh.PruneBackoff, withPeers: false);
        }
    }

    private void Fill(TopicState topic, int degree)
    {
        FindCandidates(topic, 0, outboundOnly: false);
        for (int i = 0; i < _candidates.Count && topic.Mesh.Count < degree; i++)
            Graft(topic, _candidates[i]);
    }

    // Keeps the best by score, of the others a random choice, and among all kept enough that this node dialled.
    private void Shrink(TopicState topic)
    {
        _removed.Clear();
        _removed.AddRange(topic.Mesh);
        state.Shuffle(_removed);
        SortByScore(_removed);
        List<GossipPeer> kept = _candidates;
        kept.Clear();
        kept.AddRange(_removed[..state.Mesh.DegreeScore]);
        _removed.RemoveRange(0, state.Mesh.DegreeScore);
        state.Shuffle(_removed);
        int outboundCount = CountOutbound(kept);
        for (int i = 0; i < _removed.Count && outboundCount < state.Mesh.DegreeOutbound && kept.Count < state.Mesh.Degree; i++)
        {
            if (!_removed[i].IsOutbound)
                continue;

            kept.Add(_removed[i]);
            _removed.RemoveAt(i--);
            outboundCount++;
        }

        while (kept.Count < state.Mesh.Degree)
        {
            kept.Add(_removed[^1]);
            _removed.RemoveAt(_removed.Count - 1);
        }

        foreach (GossipPeer peer in _removed)
            Prune(topic, peer, state.Mesh.PruneBackoff, withPeers: true);
    }

    private void AddOutbound(TopicState topic)
    {
        int missing = state.Mesh.DegreeOutbound - CountOutbound(topic.Mesh);
        if (missing <= 0)
            return;

        FindCandidates(topic, 0, outboundOnly: true);
        for (int i = 0; i < _candidates.Count && missing > 0; i++, missing--)
            Graft(topic, _candidates[i]);
    }

    // A mesh can be stuck with peers that are just not bad enough to be dropped: take in some better than its median.
    private void GraftBetter(TopicState topic)
    {
        if (topic.Mesh.Count < 2)
            return;

        _removed.Clear();
        _removed.AddRange(topic.Mesh);
        SortByScore(_removed);
        double median = state.ScoreOf(_removed[_removed.Count / 2]);
        if (median >= state.Options.Score.OpportunisticGraftThreshold)
            return;

        FindCandidates(topic, double.BitIncrement(median), outboundOnly: false);
        for (int i = 0; i < _candidates.Count && i < state.Mesh.OpportunisticGraftPeers; i++)
            Graft(topic, _candidates[i]);
    }

    private void FindCandidates(TopicState topic, double scoreMin, bool outboundOnly)
    {
        _candidates.Clear();
        foreach (GossipPeer peer in topic.Subscribers)
        {
            if ((!outboundOnly || peer.IsOutbound) && !topic.Mesh.Contains(peer) && MayGraft(topic, peer)
                && state.ScoreOf(peer) >= Math.Max(0, scoreMin))
            {
                _candidates.Add(peer);
            }
        }

        state.Shuffle(_candidates);
    }

    // The slack keeps clocks that differ a little from turning our GRAFT into misbehaviour.
    private bool MayGraft(TopicState topic, GossipPeer peer) => peer.Protocol != GossipProtocol.Floodsub
        && (!topic.Backoffs.TryGetValue(peer.Id, out TimeSpan until) || state.Now >= until + state.Mesh.HeartbeatInterval);

    private void Graft(TopicState topic, GossipPeer peer)
    {
        state.PendingOf(peer).AddGraft(topic.Utf8);
        Add(topic, peer, isInbound: false);
    }

    private void Add(TopicState topic, GossipPeer peer, bool isInbound)
    {
        topic.Mesh.Add(peer);
        state.Scores.Graft(peer.Score, topic.Name, state.Now);
        state.Events.MeshChanged?.Invoke(new MeshChange(peer.Id, topic.Name, IsGraft: true, isInbound));
    }

    private void Prune(TopicState topic, GossipPeer peer, TimeSpan backoff, bool withPeers)
    {
        topic.Mesh.Remove(peer);
        PeerScores.Prune(peer.Score, topic.Name);
        SayPrune(topic, peer, backoff, withPeers);
        state.Events.MeshChanged?.Invoke(new MeshChange(peer.Id, topic.Name, IsGraft: false, IsInbound: false));
    }

    private void Refuse(TopicState topic, GossipPeer peer, bool withPeers) => SayPrune(topic, peer, state.Mesh.PruneBackoff, withPeers);

    private void SayPrune(TopicState topic, GossipPeer peer, TimeSpan backoff, bool withPeers)
    {
        SetBackoff(topic, peer, backoff, Limits.GossipBackoffCountMax);
        bool knowsBackoff = peer.Protocol >= GossipProtocol.V11;
        List<ExchangedPeer> others = withPeers && knowsBackoff && state.Options.PeerExchange
            ? PeerExchange.Choose(state, topic, peer) : [];
        state.PendingOf(peer).AddPrune(topic.Utf8, knowsBackoff ? backoff : null, others);
    }

    private void SetBackoff(TopicState topic, GossipPeer peer, TimeSpan backoff, int countMax)
    {
        TimeSpan until = state.Now + backoff;
        bool isKnown = topic.Backoffs.TryGetValue(peer.Id, out TimeSpan before);
        if ((isKnown && before < until) || (!isKnown && topic.Backoffs.Count < countMax))
            topic.Backoffs[peer.Id] = until;
    }

    private void ForgetBackoffs(TopicState topic, TimeSpan now)
    {
        _expired.Clear();
        foreach ((PeerId peer, TimeSpan until) in topic.Backoffs)
        {
            if (now >= until + state.Mesh.HeartbeatInterval)
                _expired.Add(peer);
        }

        foreach (PeerId peer in _expired)
            topic.Backoffs.Remove(peer);
    }

    private void SortByScore(List<GossipPeer> peers) => peers.Sort((left, right) => state.ScoreOf(right).CompareTo(state.ScoreOf(left)));

    private static int CountOutbound(List<GossipPeer> peers)
    {
        int count = 0;
        foreach (GossipPeer peer in peers)
            count += peer.IsOutbound ? 1 : 0;
        return count;
    }
}
