using P2PDB.Network.Muxers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// What waits to be written to one peer. The gossip's loop adds, one writer takes. A peer that is behind loses gossip first, then
/// forwarded messages; what must not be lost has the whole of it, and own messages wait outside.
/// </summary>
internal sealed class Outbox(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<OutgoingFrame> _frames = new();
    private StreamWaiter? _filled;
    private long _length;
    private long _movedAt = time.GetTimestamp();
    private long _takenLength;
    private int _takenCount;
    private bool _isBehind;
    private bool _isClosed;

    /// <summary>True while there is room for IHAVE, IWANT and their answers.</summary>
    public bool HasRoomForGossip => HasRoom(4);

    /// <summary>True while there is room for a message of this node.</summary>
    public bool HasRoomForOwn => HasRoom(1);

    /// <summary>Adds an answer to IWANT; false leaves it out.</summary>
    public bool TryAddGossip(OutgoingFrame frame) => TryAdd(frame, 4);

    /// <summary>Adds a message of another node; false leaves it out.</summary>
    public bool TryAddForwarded(OutgoingFrame frame) => TryAdd(frame, 2);

    /// <summary>Adds a message of this node, or what changes the mesh; false closes the queue, as the peer is too far behind.</summary>
    public bool TryAddCertain(OutgoingFrame frame)
    {
        if (TryAdd(frame, 0))
            return true;

        Close();
        return false;
    }

    /// <summary>Takes the next frame, which the caller releases.</summary>
    public bool TryTake(out OutgoingFrame? frame)
    {
        lock (_gate)
        {
            if (!_frames.TryDequeue(out frame))
                return false;

            _length -= frame.Length;
            _takenLength += frame.Length;
            _takenCount++;
            _isBehind &= !IsWithin(2);
            if (!_isBehind || _takenLength >= Limits.GossipQueueLengthMax / 8 || _takenCount >= Limits.GossipQueueCountMax / 8)
                NoteMove();
            return true;
        }
    }

    /// <summary>Waits until there is a frame; false once the queue is closed. One caller.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        ValueTask started;
        lock (_gate)
        {
            if (_isClosed || _frames.Count > 0)
                return !_isClosed;

            started = (_filled ??= new StreamWaiter(_gate)).StartAsync();
        }

        await _filled.WaitAsync(started, cancellationToken).ConfigureAwait(false);
        return !_isClosed;
    }

    /// <summary>
    /// True if frames wait and none was taken for that long; once the queue was full and until half of it is free, if less than an eighth
    /// of it was: own messages wait for this peer then.
    /// </summary>
    public bool IsStalled(TimeSpan patience)
    {
        lock (_gate)
            return _frames.Count > 0 && time.GetElapsedTime(_movedAt) > patience;
    }

    /// <summary>Drops what waits and takes no more; the writer is told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_frames.TryDequeue(out OutgoingFrame? frame))
                frame.Release();
            _length = 0;
            _filled?.Release();
        }
    }

    // Each class of frames may fill the queue up to its share; an empty queue takes any one frame.
    private bool HasRoom(int divisor)
    {
        lock (_gate)
            return IsWithin(divisor);
    }

    private bool TryAdd(OutgoingFrame frame, int divisor)
    {
        lock (_gate)
        {
            if (_isClosed || !IsWithin(divisor))
                return false;

            if (_frames.Count == 0)
                NoteMove();
            frame.Retain();
            _frames.Enqueue(frame);
            _length += frame.Length;
            if (!_isBehind && !IsWithin(1))
            {
                _isBehind = true;
                NoteMove();
            }

            _filled?.Release();
            return true;
        }
    }

    private void NoteMove()
    {
        _movedAt = time.GetTimestamp();
        _takenLength = 0;
        _takenCount = 0;
    }

    // The reserve beyond the full queue is for what changes the mesh: a peer cannot provoke more of it than its own GRAFTs.
    private bool IsWithin(int divisor) => divisor == 0
        ? _length < 2L * Limits.GossipQueueLengthMax && _frames.Count < 2 * Limits.GossipQueueCountMax
        : _length < Limits.GossipQueueLengthMax / divisor && _frames.Count < Limits.GossipQueueCountMax / divisor;
}
