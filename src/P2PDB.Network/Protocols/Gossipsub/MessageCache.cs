namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Messages of the last heartbeats, in the order they came: what IWANT can ask for, and of it the newer part for IHAVE. Holds each frame;
/// at most <see cref="Limits.GossipCacheLengthMax"/> bytes of memory.
/// </summary>
internal sealed class MessageCache(int historyLength)
{
    private readonly Dictionary<MessageId, MessageFrame> _byId = [];
    private readonly Queue<MessageFrame> _frames = new();
    private readonly int[] _windows = new int[historyLength];   // messages of each heartbeat, the current one first
    private long _length;

    /// <summary>Keeps a message.</summary>
    public void Add(MessageFrame frame)
    {
        if (!_byId.TryAdd(frame.Id, frame))
            return;

        frame.Retain();
        _frames.Enqueue(frame);
        _windows[0]++;
        _length += frame.Footprint;
        while (_length > Limits.GossipCacheLengthMax)
            DropOldest();
    }

    /// <summary>The message of an id.</summary>
    public bool TryGet(in MessageId id, out MessageFrame? frame) => _byId.TryGetValue(id, out frame);

    /// <summary>Adds the messages of the newest windows, the current one among them, to the lists that the caller picks by topic.</summary>
    public void CollectGossip(int windowCount, Func<string, List<MessageFrame>?> listOf)
    {
        int skip = _frames.Count;
        foreach (int count in _windows.AsSpan(0, windowCount))
            skip -= count;

        foreach (MessageFrame frame in _frames)
        {
            if (skip-- <= 0)
                listOf(frame.Topic)?.Add(frame);
        }
    }

    /// <summary>A heartbeat has passed: lets go of the oldest window.</summary>
    public void Shift()
    {
        for (int left = _windows[^1]; left > 0; left--)
            Drop(_frames.Dequeue());
        Array.Copy(_windows, 0, _windows, 1, _windows.Length - 1);
        _windows[0] = 0;
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        while (_frames.TryDequeue(out MessageFrame? frame))
            Drop(frame);
        Array.Clear(_windows);
    }

    private void DropOldest()
    {
        Drop(_frames.Dequeue());
        _windows[Array.FindLastIndex(_windows, static count => count > 0)]--;
    }

    private void Drop(MessageFrame frame)
    {
        _length -= frame.Footprint;
        _byId.Remove(frame.Id);
        frame.Release();
    }
}
