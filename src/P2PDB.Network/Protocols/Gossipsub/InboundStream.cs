using System.Buffers;
using P2PDB.Network.Muxers;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Reads RPCs of one peer. Whole ones are lent to the gossip's loop, and no more is read until it has taken them: so a peer that sends
/// faster than we work is slowed down by its own stream, and nothing is copied or queued.
/// </summary>
internal sealed class InboundStream : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MuxedStream _stream;
    private readonly StreamWaiter _taken;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Limits.GossipReadBufferLength);
    private int _filled;
    private int _ready;
    private bool _isLent;
    private bool _isMalformed;
    private bool _isLate;
    private GossipPeer? _peer;

    public InboundStream(MuxedStream stream)
    {
        _stream = stream;
        _taken = new StreamWaiter(_gate);
    }

    /// <summary>Reads until the stream ends, the peer sends what is no RPC, or the link is given up.</summary>
    public async Task RunAsync(PeerLink link, GossipInbox inbox, CancellationToken cancellationToken)
    {
        while (TryFindReady(out int wantedLength) && !_isMalformed)
        {
            if (_ready > 0)
            {
                _peer = await link.WaitUpAsync(cancellationToken).ConfigureAwait(false);
                if (_peer is null)
                    break;

                _isLent = true;
                await inbox.LendAsync(this, cancellationToken).ConfigureAwait(false);
                await WaitUntilTakenAsync(cancellationToken).ConfigureAwait(false);
                if (_isLate)
                    continue;

                _buffer.AsSpan(_ready, _filled - _ready).CopyTo(_buffer);
                _filled -= _ready;
                continue;
            }

            Fit(wantedLength);
            int received = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return;

            _filled += received;
        }

        _stream.Reset();
    }

    /// <summary>Takes all RPCs lent; called by the gossip's loop.</summary>
    public void Take(GossipRouter router)
    {
        ReadOnlySpan<byte> rest;
        lock (_gate)
            rest = _buffer.AsSpan(0, Math.Min(_ready, _buffer.Length));   // none once the reader has given up

        bool isLate = _peer!.IsGone;   // our own stream ended meanwhile: the RPCs are for the peer's next self
        bool isValid = true;
        if (isLate)
            rest = default;
        while (isValid && !rest.IsEmpty)
        {
            int prefixLength = UnsignedVarint.TryRead(rest, out ulong length);
            isValid = router.TryReceive(_peer, rest.Slice(prefixLength, (int)length));
            rest = rest[(prefixLength + (int)length)..];
        }

        lock (_gate)
        {
            _isMalformed = !isValid;
            _isLate = isLate;
            _isLent = false;
            _taken.Release();
        }
    }

    /// <summary>Gives the buffer back. Only after <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isLent)
                ArrayPool<byte>.Shared.Return(_buffer);   // a buffer still lent when everything closes is left to the collector
            _buffer = [];
        }
    }

    // How much of the buffer is whole RPCs, and without any how long the buffer must be for the next; false for a length that is none.
    private bool TryFindReady(out int wantedLength)
    {
        _ready = 0;
        wantedLength = 0;
        while (_ready < _filled)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_ready, _filled - _ready);
            int prefixLength = UnsignedVarint.TryRead(rest, out ulong length);
            if (prefixLength == 0)
                return rest.Length < 4;   // three bytes hold every length allowed
            if (length > Limits.GossipRpcLengthMax)
                return false;

            wantedLength = prefixLength + (int)length;
            if (rest.Length < wantedLength)
                return true;

            _ready += wantedLength;
        }

        return true;
    }

    // Doubles as bytes come: announcing a long RPC costs us nothing until it is sent.
    private void Fit(int wantedLength)
    {
        int length = wantedLength <= Limits.GossipReadBufferLength ? Limits.GossipReadBufferLength : _buffer.Length;
        if (_filled == _buffer.Length)
            length = Math.Min(2 * _buffer.Length, Math.Max(wantedLength, Limits.GossipReadBufferLength));
        if (length == _buffer.Length || (length < _buffer.Length && _buffer.Length <= 2 * Limits.GossipReadBufferLength))
            return;

        byte[] fitting = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(0, _filled).CopyTo(fitting);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = fitting;
    }

    private ValueTask WaitUntilTakenAsync(CancellationToken cancellationToken)
    {
        ValueTask started;
        lock (_gate)
        {
            if (!_isLent)
                return ValueTask.CompletedTask;

            started = _taken.StartAsync();
        }

        return _taken.WaitAsync(started, cancellationToken);
    }
}
