using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The messages seen within a time, at most <see cref="Limits.GossipSeenCountMax"/>: the oldest are forgotten first.</summary>
internal sealed class SeenCache(TimeSpan ttl)
{
    private readonly Dictionary<MessageId, SeenState> _states = [];
    private readonly Queue<(MessageId Id, TimeSpan At)> _order = new();

    /// <summary>Messages remembered.</summary>
    public int Count => _states.Count;

    /// <summary>True if the message was seen.</summary>
    public bool Contains(in MessageId id) => _states.ContainsKey(id);

    /// <summary>Remembers a message; false if it was seen before.</summary>
    public bool TryAdd(in MessageId id, SeenStatus status, TimeSpan now)
    {
        ref SeenState state = ref CollectionsMarshal.GetValueRefOrAddDefault(_states, id, out bool exists);
        if (exists)
            return false;

        state = new SeenState { Status = status, At = now };
        _order.Enqueue((id, now));
        if (_order.Count > Limits.GossipSeenCountMax)
            _states.Remove(_order.Dequeue().Id);
        return true;
    }

    /// <summary>The state of a message, to be read or changed; a null reference if it was not seen. Valid until the next change.</summary>
    public ref SeenState Find(in MessageId id) => ref CollectionsMarshal.GetValueRefOrNullRef(_states, id);

    /// <summary>Forgets what is older than the time.</summary>
    public void Expire(TimeSpan now)
    {
        while (_order.TryPeek(out (MessageId Id, TimeSpan At) oldest) && now - oldest.At >= ttl)
            _states.Remove(_order.Dequeue().Id);
    }
}
