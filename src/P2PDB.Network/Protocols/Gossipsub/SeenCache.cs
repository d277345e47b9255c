namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The messages seen within a time, at most so many: the oldest are forgotten first.</summary>
internal sealed class SeenCache(TimeSpan ttl, int countMax = Limits.GossipSeenCountMax)
{
    private readonly Dictionary<MessageId, SeenState> _states = [];
    private readonly Queue<(MessageId Id, TimeSpan At)> _order = new();

    /// <summary>True if the message was seen.</summary>
    public bool Contains(in MessageId id) => _states.ContainsKey(id);

    /// <summary>What became of a message; false if it was not seen.</summary>
    public bool TryFind(in MessageId id, out SeenState state) => _states.TryGetValue(id, out state);

    /// <summary>Remembers a message; false if it was seen before.</summary>
    public bool TryAdd(in MessageId id, SeenStatus status, TimeSpan now)
    {
        if (!_states.TryAdd(id, new SeenState(status, now, null)))
            return false;

        _order.Enqueue((id, now));
        if (_order.Count > countMax)
            _states.Remove(_order.Dequeue().Id);
        return true;
    }

    /// <summary>Changes what became of a message; does nothing if it was forgotten meanwhile.</summary>
    public void Update(in MessageId id, in SeenState state)
    {
        if (_states.ContainsKey(id))
            _states[id] = state;
    }

    /// <summary>Forgets what is older than the time.</summary>
    public void Expire(TimeSpan now)
    {
        while (_order.TryPeek(out (MessageId Id, TimeSpan At) oldest) && now - oldest.At >= ttl)
            _states.Remove(_order.Dequeue().Id);
    }
}
