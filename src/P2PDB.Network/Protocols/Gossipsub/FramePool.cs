namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Message frames that nobody holds, with their arrays: a heartbeat lets go of all messages of a second at once, which is more than the
/// shared array pool keeps, and the next second needs as many.
/// </summary>
internal sealed class FramePool
{
    private readonly Lock _gate = new();
    private readonly Stack<(MessageFrame Frame, int Length)> _idle = new();
    private long _length;

    /// <summary>An empty frame.</summary>
    public MessageFrame Take()
    {
        lock (_gate)
        {
            if (!_idle.TryPop(out (MessageFrame Frame, int Length) idle))
                return new MessageFrame(this);

            _length -= idle.Length;
            return idle.Frame;
        }
    }

    /// <summary>Takes back a frame that has no holder, with an array of that length; false where it keeps enough already.</summary>
    public bool TryReturn(MessageFrame frame, int length)
    {
        lock (_gate)
        {
            if (length > Limits.GossipIdleArrayLengthMax || _length + length > Limits.GossipIdleFrameLengthMax)
                return false;

            _length += length;
            _idle.Push((frame, length));
            return true;
        }
    }
}
