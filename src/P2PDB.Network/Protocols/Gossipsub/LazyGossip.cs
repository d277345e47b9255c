// Peers outside of the mesh learn by IHAVE which messages there were, and ask by IWANT for those they miss. Each step has a bound per
// peer and heartbeat, and one randomly chosen message of each request is a promise: a peer that advertises what it does not send is
// found out before long.
using System.Runtime.InteropServices;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Gossip about messages: advertising, asking, answering, and what peers do not want.</summary>
internal sealed class LazyGossip(GossipState state, MessageIntake intake)
{
    private readonly List<MessageId> _wanted = [];
    private readonly List<GossipPeer> _candidates = [];
    private readonly List<MessageId> _forgotten = [];
    private readonly Queue<Promise> _promises = new();

    /// <summary>A peer has messages: asks for those that were not seen.</summary>
    public void TakeIHave(GossipPeer peer, in RpcItem item)
    {
        if (state.ScoreOf(peer) < state.Options.Score.GossipThreshold || peer.IHaveCount >= Limits.GossipIHaveCountMax
            || peer.AskedCount >= Limits.GossipIHaveLengthMax || !peer.Outbox.HasRoomForGossip
            || state.FindTopic(item.Topic) is not { IsSubscribed: true })
        {
            return;
        }

        peer.IHaveCount++;
        _wanted.Clear();
        var reader = new ProtobufReader(item.Body);
        while (_wanted.Count < Limits.GossipIHaveLengthMax && reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(item.IdField) && MessageId.TryCreate(bytes, out MessageId id) && !state.IsKnown(id))
                _wanted.Add(id);
        }

        if (_wanted.Count == 0)
            return;

        state.Shuffle(_wanted);
        int count = Math.Min(_wanted.Count, Limits.GossipIHaveLengthMax - peer.AskedCount);
        peer.AskedCount += count;
        state.PendingOf(peer).AddIWant(CollectionsMarshal.AsSpan(_wanted)[..count]);
        _promises.Enqueue(new Promise(_wanted[state.Pick(count)], peer, state.Now + state.Mesh.IWantFollowupTime));
    }

    /// <summary>A peer asks for messages.</summary>
    public void TakeIWant(GossipPeer peer, in RpcItem item)
    {
        if (state.ScoreOf(peer) < state.Options.Score.GossipThreshold)
            return;

        var reader = new ProtobufReader(item.Body);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(item.IdField) && MessageId.TryCreate(bytes, out MessageId id) && state.Cache.TryGet(id, out MessageFrame? frame)
                && !peer.Unwanted.ContainsKey(id) && frame!.CountRequest(peer.Id) <= state.Mesh.GossipRetransmission)
            {
                peer.Outbox.TryAddGossip(frame);
            }
        }
    }

    /// <summary>A peer needs no copies of messages.</summary>
    public void TakeIDontWant(GossipPeer peer, in RpcItem item)
    {
        if (peer.Protocol < GossipProtocol.V12 || state.ScoreOf(peer) < state.Options.Score.GossipThreshold)
            return;

        var reader = new ProtobufReader(item.Body);
        while (peer.IDontWantCount < Limits.GossipIDontWantCountMax && reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (!field.IsBytes(item.IdField) || !MessageId.TryCreate(bytes, out MessageId id))
                continue;

            peer.IDontWantCount++;
            peer.Unwanted[id] = state.Tick + Limits.GossipIDontWantTicks;
        }
    }

    /// <summary>Starts a heartbeat: counts anew, and punishes promises that were not kept.</summary>
    public void BeginHeartbeat()
    {
        foreach (GossipPeer peer in state.Peers.Values)
        {
            peer.IHaveCount = 0;
            peer.AskedCount = 0;
            peer.IDontWantCount = 0;
            if (peer.Unwanted.Count > 0)
                ForgetUnwanted(peer);
        }

        TimeSpan now = state.Now;
        while (_promises.TryPeek(out Promise promise) && now >= promise.Until)
        {
            _promises.Dequeue();
            if (!state.IsKnown(promise.Id) && now >= intake.ForgivenUntil)
                promise.Peer.Score.Behaviour++;
        }
    }

    /// <summary>Ends a heartbeat: tells peers outside of the meshes what there was lately, and lets the cache age.</summary>
    public void EndHeartbeat()
    {
        state.Cache.CollectGossip(state.Mesh.HistoryGossip, topic => state.FindTopic(topic)?.Gossiped);
        foreach (TopicState topic in state.Topics)
        {
            if (topic.Gossiped.Count == 0)
                continue;

            if (topic.IsSubscribed || topic.Fanout.Count > 0)
                Advertise(topic);
            topic.Gossiped.Clear();
        }

        state.Cache.Shift();
    }

    private void Advertise(TopicState topic)
    {
        List<GossipPeer> served = topic.IsSubscribed ? topic.Mesh : topic.Fanout;
        _candidates.Clear();
        foreach (GossipPeer peer in topic.Subscribers)
        {
            if (peer.Protocol != GossipProtocol.Floodsub && !served.Contains(peer)
                && state.ScoreOf(peer) >= state.Options.Score.GossipThreshold)
            {
                _candidates.Add(peer);
            }
        }

        state.Shuffle(_candidates);
        int count = Math.Max(state.Mesh.DegreeLazy, (int)(_candidates.Count * state.Mesh.GossipFactor));
        Span<MessageFrame> messages = CollectionsMarshal.AsSpan(topic.Gossiped);
        for (int i = 0; i < _candidates.Count && i < count; i++)
        {
            if (!_candidates[i].Outbox.HasRoomForGossip)
                continue;

            // Of more messages than one IHAVE may name each peer hears of a different choice.
            if (messages.Length > Limits.GossipIHaveLengthMax)
                state.Shuffle(topic.Gossiped);
            state.PendingOf(_candidates[i]).AddIHave(topic.Utf8, messages[..Math.Min(messages.Length, Limits.GossipIHaveLengthMax)]);
        }
    }

    private void ForgetUnwanted(GossipPeer peer)
    {
        _forgotten.Clear();
        foreach ((MessageId id, long until) in peer.Unwanted)
        {
            if (state.Tick >= until)
                _forgotten.Add(id);
        }

        foreach (MessageId id in _forgotten)
            peer.Unwanted.Remove(id);
    }

    private readonly record struct Promise(MessageId Id, GossipPeer Peer, TimeSpan Until);
}
