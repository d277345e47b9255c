namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Message frames that nobody holds, so that a node which forwards allocates none.</summary>
internal sealed class FramePool
{
    private readonly Lock _gate = new();
    private readonly Stack<MessageFrame> _idle = new();

    /// <summary>An empty frame.</summary>
    public MessageFrame Take()
    {
        lock (_gate)
            return _idle.TryPop(out MessageFrame? frame) ? frame : new MessageFrame(this);
    }

    /// <summary>Takes back a frame that has no holder.</summary>
    public void Return(MessageFrame frame)
    {
        lock (_gate)
        {
            if (_idle.Count < Limits.GossipIdleFrameCountMax)
                _idle.Push(frame);
        }
    }
}
