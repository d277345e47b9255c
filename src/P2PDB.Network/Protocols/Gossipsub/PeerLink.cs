using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The streams with one peer: we write to the one that we opened and read the one that the peer opened.</summary>
internal sealed class PeerLink(PeerId id, GossipProtocol protocol)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<GossipPeer?> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MuxedStream? _inbound;
    private Outbox? _outbox;

    /// <summary>The peer.</summary>
    public PeerId Id { get; } = id;

    /// <summary>The best version of the protocol it serves.</summary>
    public GossipProtocol Protocol { get; } = protocol;

    /// <summary>True if the peer was found to be there since the last attempt began.</summary>
    public bool IsWanted { get; set; }

    /// <summary>The peer as the router knows it, once our stream is open; null if it does not come to that.</summary>
    public Task<GossipPeer?> WaitUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _up.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The peer's stream has ended.</summary>
    public void ClearInbound(MuxedStream stream)
    {
        lock (_gate)
        {
            if (_inbound == stream)
                _inbound = null;
        }
    }

    /// <summary>The peer opened a stream; an earlier one is reset.</summary>
    public void SetInbound(MuxedStream stream)
    {
        MuxedStream? earlier;
        lock (_gate)
        {
            earlier = _inbound;
            _inbound = stream;
        }

        earlier?.Reset();
    }

    /// <summary>Our stream is open.</summary>
    public void Begin(GossipPeer peer)
    {
        lock (_gate)
        {
            _outbox = peer.Outbox;
            _up.TrySetResult(peer);
        }
    }

    /// <summary>
    /// Our stream has ended. True if the peer's is still there: then the peer will not say again what it subscribes to.
    /// </summary>
    public bool End()
    {
        lock (_gate)
        {
            _outbox = null;
            if (_up.Task.IsCompleted)
                _up = new TaskCompletionSource<GossipPeer?>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _inbound is not null;
        }
    }

    /// <summary>No more attempts follow.</summary>
    public void GiveUp()
    {
        lock (_gate)
            _up.TrySetResult(null);
    }

    /// <summary>Makes the writer end.</summary>
    public void Hurry()
    {
        lock (_gate)
            _outbox?.Close();
    }

    /// <summary>Closes a queue that the peer does not read.</summary>
    public void CloseIfStalled()
    {
        lock (_gate)
        {
            if (_outbox is { } outbox && outbox.IsStalled(Limits.GossipStallTimeout))
                outbox.Close();
        }
    }
}
