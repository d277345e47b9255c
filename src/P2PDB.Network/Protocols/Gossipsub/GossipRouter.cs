// THE ROUTER IS A STATE MACHINE WITHOUT SOCKETS: peers come and go, RPCs of peers come in, the owner publishes, subscribes and gives a
// heartbeat each second; what goes out is put into the peers' queues. With the same inputs, clock and dice it does the same, so whole
// networks run in one thread in tests. Its parts: MessageIntake (messages), MeshUpkeep (GRAFT, PRUNE), LazyGossip (IHAVE, IWANT,
// IDONTWANT), PeerScores.
using System.Buffers.Binary;
using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The protocol of one node. One owner: no two calls at once.</summary>
internal sealed class GossipRouter
{
    private readonly GossipState _state;
    private readonly MessageIntake _intake;
    private readonly MeshUpkeep _mesh;
    private readonly LazyGossip _gossip;
    private readonly SigningKey _identity;
    private readonly List<GossipPeer> _recipients = [];
    private readonly List<GossipPeer> _others = [];
    private readonly List<SubscriptionChange> _changes = [];
    private readonly List<TopicState> _left = [];
    private ulong _sequenceNumber;

    /// <param name="identity">Signs; stays the caller's.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The dice.</param>
    /// <param name="events">Where the router tells what happened.</param>
    /// <param name="closing">Given to validators.</param>
    public GossipRouter(
        SigningKey identity, GossipsubOptions options, TimeProvider time, Random random, GossipEvents events, CancellationToken closing)
    {
        _identity = identity;
        _state = new GossipState(PeerId.FromPublicKey(identity.PublicKey), options, time, random, events);
        _intake = new MessageIntake(_state, closing);
        _mesh = new MeshUpkeep(_state);
        _gossip = new LazyGossip(_state, _intake);

        // Numbers must grow over restarts, and no run publishes 10 million messages a second.
        _sequenceNumber = (ulong)_state.UtcNow.UtcTicks;
    }

    /// <summary>This node.</summary>
    public PeerId Local => _state.Local;

    /// <summary>Where signed peer records for peer exchange come from; null without any.</summary>
    public Func<PeerId, ReadOnlyMemory<byte>>? SignedRecordOf
    {
        set => _state.SignedRecordOf = value;
    }

    /// <summary>A peer is there and reads what its queue holds; the first frame says what we subscribe to.</summary>
    public GossipPeer AddPeer(PeerId id, GossipProtocol protocol, bool isOutbound, string? address, Outbox outbox)
    {
        var peer = new GossipPeer(id, protocol, isOutbound, _state.Scores.Connect(id, address), outbox);
        _state.Peers.Add(id, peer);
        foreach (TopicState topic in _state.OwnTopics)
            _state.PendingOf(peer).AddSubscription(topic.Utf8, isSubscribed: true);
        _state.Flush();
        return peer;
    }

    /// <summary>A peer is gone.</summary>
    public void RemovePeer(GossipPeer peer)
    {
        if (!_state.Peers.Remove(peer.Id))
            return;

        peer.IsGone = true;

        foreach (TopicState topic in peer.Topics)
        {
            topic.Subscribers.Remove(peer);
            topic.Fanout.Remove(peer);
            _left.Add(topic);
        }

        foreach (TopicState topic in _state.OwnTopics)
            topic.Mesh.Remove(peer);   // a peer may have grafted without a subscription
        foreach (TopicState topic in _left)
            _state.ForgetUnused(topic);
        _left.Clear();
        _state.Scores.Disconnect(peer.Id, _state.Now);
    }

    /// <summary>A peer that was removed is there again without saying what it subscribes to: as before.</summary>
    public void CarrySubscriptions(GossipPeer before, GossipPeer peer)
    {
        foreach (TopicState topic in before.Topics)
            AddSubscription(peer, topic.Utf8);
        _changes.Clear();   // nothing changed for anybody
    }

    /// <summary>Takes one RPC of a peer; false if it is malformed: the peer is to be let go of.</summary>
    public bool TryReceive(GossipPeer peer, ReadOnlySpan<byte> rpc)
    {
        if (peer.IsGone)
            return false;

        bool isValid = true;
        var reader = new RpcReader(rpc);
        // Asked before each item: one RPC has room for thousands of forged messages.
        while (isValid && _state.ScoreOf(peer) >= _state.Options.Score.GraylistThreshold && reader.TryRead(out RpcItem item))
            isValid = TryTake(peer, item);

        if (_changes.Count > 0)
        {
            _state.Events.SubscriptionsChanged?.Invoke(peer.Id, [.. _changes]);
            _changes.Clear();
        }

        _state.Flush();
        return isValid && !reader.IsMalformed;
    }

    /// <summary>The verdict of a validator that took its time.</summary>
    public void Complete(in PendingValidation pending, GossipVerdict verdict) => _intake.Complete(pending, verdict);

    /// <summary>Subscribes to a topic; false past the limit of own topics.</summary>
    public bool TrySubscribe(string name)
    {
        TopicState topic = _state.GetOrAddTopic(name);
        if (topic.IsSubscribed)
            return true;
        if (_state.OwnTopics.Count >= Limits.GossipOwnTopicCountMax)
        {
            _state.ForgetUnused(topic);
            return false;
        }

        topic.IsSubscribed = true;
        _state.OwnTopics.Add(topic);
        foreach (GossipPeer peer in _state.Peers.Values)
            _state.PendingOf(peer).AddSubscription(topic.Utf8, isSubscribed: true);
        _mesh.Join(topic);
        _state.Flush();
        return true;
    }

    /// <summary>Ends the subscription of a topic.</summary>
    public void Unsubscribe(string name)
    {
        if (_state.FindTopic(name) is not { IsSubscribed: true } topic)
            return;

        foreach (GossipPeer peer in _state.Peers.Values)
            _state.PendingOf(peer).AddSubscription(topic.Utf8, isSubscribed: false);
        _mesh.Leave(topic);
        topic.IsSubscribed = false;
        _state.OwnTopics.Remove(topic);
        _state.ForgetUnused(topic);
        _state.Flush();
    }

    /// <summary>Sets or removes the validator of a topic.</summary>
    public void SetValidator(string name, GossipValidator? validator)
    {
        TopicState topic = _state.GetOrAddTopic(name);
        topic.Validator = validator;
        _state.ForgetUnused(topic);
    }

    /// <summary>A message of this node, signed as the policy demands; the caller holds it. Null if the id function gives it no id.</summary>
    public MessageFrame? Prepare(string topicName, ReadOnlySpan<byte> data)
    {
        bool isSigned = _state.Options.SigningPolicy == SigningPolicy.StrictSign;
        TopicState topic = _state.GetOrAddTopic(topicName);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, ++_sequenceNumber);
        var message = new PubsubMessage
        {
            From = isSigned ? _state.Local.Bytes : default,
            Data = data,
            SequenceNumber = isSigned ? number : default,
            Topic = topic.Utf8,
            Fields = isSigned ? 0b1_1110 : 0b1_0100,
        };
        if (!_intake.TryComputeId(message, out MessageId id))
            return null;

        MessageFrame frame = _state.Frames.Take();
        frame.Fill(message, id, topicName, isSigned ? _state.Local : null, isSigned ? _sequenceNumber : null);
        if (isSigned)
            frame.Sign(_identity);
        frame.Seal();
        return frame;
    }

    /// <summary>Sends a prepared message; false, and nothing is sent, while a recipient's queue has no room.</summary>
    /// <param name="frame">The message; stays the caller's.</param>
    /// <param name="recipientCount">Peers it is sent to; 0 for one that was published or seen before.</param>
    public bool TryPublish(MessageFrame frame, out int recipientCount)
    {
        recipientCount = 0;
        TopicState topic = _state.GetOrAddTopic(frame.Topic);
        ChooseRecipients(topic);
        foreach (GossipPeer peer in _recipients)
        {
            if (!peer.Outbox.HasRoomForOwn)
                return false;
        }

        if (_state.Seen.TryAdd(frame.Id, SeenStatus.Accepted, _state.Now))
        {
            _state.Cache.Add(frame);
            foreach (GossipPeer peer in _recipients)
                recipientCount += peer.Outbox.TryAddCertain(frame) ? 1 : 0;
        }

        _state.ForgetUnused(topic);
        return true;
    }

    /// <summary>Once per <see cref="MeshOptions.HeartbeatInterval"/>.</summary>
    public void Heartbeat()
    {
        _state.Tick++;
        _state.Scores.Decay(_state.Now);
        _gossip.BeginHeartbeat();
        _mesh.Heartbeat();
        _gossip.EndHeartbeat();
        _state.Seen.Expire(_state.Now);
        _state.Unverified.Expire(_state.Now);
        if (_state.Tick % Limits.GossipSweepTicks == 0)
            ForgetUnusedTopics();
        _state.Flush();
    }

    /// <summary>The peers in the mesh of a topic.</summary>
    public IReadOnlyList<PeerId> MeshPeers(string topic) => Ids(_state.FindTopic(topic)?.Mesh);

    /// <summary>The peers that subscribe to a topic.</summary>
    public IReadOnlyList<PeerId> Subscribers(string topic) => Ids(_state.FindTopic(topic)?.Subscribers);

    /// <summary>The score of a peer; 0 for one that is not known.</summary>
    public double ScoreOf(PeerId peer) => _state.Scores.ValueOf(peer);

    /// <summary>Lets go of all messages.</summary>
    public void Close() => _state.Cache.Clear();

    private static List<PeerId> Ids(List<GossipPeer>? peers)
    {
        var ids = new List<PeerId>();
        foreach (GossipPeer peer in peers ?? [])
            ids.Add(peer.Id);
        return ids;
    }

    private bool TryTake(GossipPeer peer, in RpcItem item)
    {
        switch (item.Kind)
        {
            case RpcItemKind.Subscribe:
                AddSubscription(peer, item.Topic);
                break;
            case RpcItemKind.Unsubscribe:
                RemoveSubscription(peer, item.Topic);
                break;
            case RpcItemKind.Message:
                return _intake.TryTake(peer, item.Body);
            case RpcItemKind.IHave:
                _gossip.TakeIHave(peer, item);
                break;
            case RpcItemKind.IWant:
                _gossip.TakeIWant(peer, item);
                break;
            case RpcItemKind.IDontWant:
                _gossip.TakeIDontWant(peer, item);
                break;
            case RpcItemKind.Graft when peer.Protocol != GossipProtocol.Floodsub:
                _mesh.TakeGraft(peer, item.Topic);
                break;
            case RpcItemKind.Prune:
                _mesh.TakePrune(peer, item);
                break;
        }

        return true;
    }

    private void AddSubscription(GossipPeer peer, ReadOnlySpan<byte> name)
    {
        if (peer.Topics.Count >= Limits.GossipTopicsPerPeerMax || _state.GetOrAddTopic(name) is not { } topic || !peer.Topics.Add(topic))
            return;

        topic.Subscribers.Add(peer);
        NoteChange(topic, isSubscribed: true);
    }

    private void RemoveSubscription(GossipPeer peer, ReadOnlySpan<byte> name)
    {
        if (_state.FindTopic(name) is not { } topic || !peer.Topics.Remove(topic))
            return;

        topic.Subscribers.Remove(peer);
        MeshUpkeep.Remove(topic, peer);
        NoteChange(topic, isSubscribed: false);
        _state.ForgetUnused(topic);
    }

    private void NoteChange(TopicState topic, bool isSubscribed)
    {
        if (_state.Events.SubscriptionsChanged is not null)
            _changes.Add(new SubscriptionChange(topic.Name, isSubscribed));
    }

    // Mesh or fanout, filled up where there are too few; or everybody. Peers that know no mesh are always among them.
    private void ChooseRecipients(TopicState topic)
    {
        _recipients.Clear();
        _others.Clear();
        if (!topic.IsSubscribed && !_state.Options.FloodPublish)
        {
            _mesh.FillFanout(topic);
            topic.FanoutUsedAt = _state.Now;
        }

        List<GossipPeer> served = topic.IsSubscribed ? topic.Mesh : topic.Fanout;
        _recipients.AddRange(served);
        foreach (GossipPeer peer in topic.Subscribers)
        {
            if (served.Contains(peer) || _state.ScoreOf(peer) < _state.Options.Score.PublishThreshold)
                continue;

            if (_state.Options.FloodPublish || peer.Protocol == GossipProtocol.Floodsub)
                _recipients.Add(peer);
            else
                _others.Add(peer);
        }

        if (served.Count >= _state.Mesh.Degree || _others.Count == 0)
            return;

        _state.Shuffle(_others);
        for (int i = 0; i < _others.Count && _recipients.Count < _state.Mesh.Degree; i++)
            _recipients.Add(_others[i]);
    }

    private void ForgetUnusedTopics()
    {
        foreach (TopicState topic in _state.Topics)
        {
            if (topic.IsUnused)
                _left.Add(topic);
        }

        foreach (TopicState topic in _left)
            _state.ForgetUnused(topic);
        _left.Clear();
    }
}
