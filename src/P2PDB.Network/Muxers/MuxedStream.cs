// A stream has two halves. The receiving half (ring, window, end, reset) is guarded by _receiveGate, the sending half (window, FIN) by
// the connection's output gate; no method holds both. The read loop fills the ring; each read that has emptied half of the window
// tells the remote so. A window that the remote used up within a few round trips is doubled, up to a bound.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using P2PDB.Network.Peers;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Muxers;

/// <summary>
/// One stream of a connection: bytes in order both ways, each direction closed by itself, with flow control. One reader and one writer
/// at a time. Dispose it: that closes both directions.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "libp2p calls it a stream; it is none of System.IO.")]
public sealed class MuxedStream : IByteChannel, IAsyncDisposable
{
    private readonly YamuxConnection _connection;
    private readonly YamuxOutput _output;
    private readonly Lock _receiveGate = new();

    // Made for the first call that must wait: many streams end before one does.
    private StreamWaiter? _readable;
    private StreamWaiter? _writable;

    // Receiving half.
    private ReceiveRing _ring;
    private long _windowTarget = Limits.StreamWindowInitial;
    private long _windowLeft = Limits.StreamWindowInitial;
    private long _windowUpdatedAt;
    private bool _isReadEnded;
    private bool _isReset;
    private bool _isDiscarding;
    private bool _wasAbandoned;

    // Sending half.
    private long _sendWindow = Limits.StreamWindowInitial;
    private YamuxFlags _openingFlag;
    private bool _isWriteClosed;
    private bool _isSendReset;

    internal MuxedStream(YamuxConnection connection, YamuxOutput output, uint id, bool isInbound)
    {
        _connection = connection;
        _output = output;
        Id = id;
        IsInbound = isInbound;
        _openingFlag = isInbound ? YamuxFlags.Ack : YamuxFlags.Syn;
        _windowUpdatedAt = connection.Timestamp;
    }

    /// <summary>The peer at the other end, proven by the handshake.</summary>
    public PeerId RemotePeer => _connection.RemotePeer;

    /// <summary>The protocol both ends agreed on; empty while they are still at it.</summary>
    public string Protocol { get; internal set; } = "";

    /// <summary>True if the remote opened the stream.</summary>
    public bool IsInbound { get; }

    internal uint Id { get; }

    /// <summary>Reads at least one byte; 0 at the end of what the remote sends.</summary>
    /// <exception cref="StreamResetException">The stream was reset or the connection ended; nothing follows.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int received = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (received == 0 && !buffer.IsEmpty && _isReset)
            throw new StreamResetException();

        return received;
    }

    /// <summary>Writes all bytes; returns when the connection has taken them over, which is before the remote read them.</summary>
    /// <exception cref="StreamResetException">The stream was reset or closed for writing, or the connection ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await SendAsync(buffer, cancellationToken).ConfigureAwait(false))
            throw new StreamResetException();
    }

    /// <summary>Says that nothing more will be written; reading goes on. Further calls do nothing.</summary>
    public ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CloseWrite();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends both directions at once and drops what is under way; the remote's calls fail.</summary>
    public void Reset() => EndByReset(tellRemote: true);

    /// <summary>
    /// Closes both directions in peace: what was written still arrives, what the remote has sent is dropped, and more from it resets
    /// the stream.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        CloseWrite();
        lock (_receiveGate)
        {
            _isDiscarding = true;
            _connection.Received.GiveBack(_ring.Length);
            _ring.Clear();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    void IByteChannel.Abort() => Reset();

    /// <inheritdoc/>
    ValueTask<int> IByteChannel.ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken) => ReceiveAsync(target, cancellationToken);

    /// <inheritdoc/>
    ValueTask<bool> IByteChannel.SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken) => SendAsync(source, cancellationToken);

    /// <summary>True once both directions ended, or one side reset the stream.</summary>
    internal bool IsOver
    {
        get
        {
            lock (_receiveGate)
            {
                if (_isReset)
                    return true;
                if (!_isReadEnded)
                    return false;
            }

            lock (_output.Gate)
                return _isWriteClosed;
        }
    }

    /// <summary>True if its owner had let go of it by the previous call already, and the remote has not. One caller.</summary>
    internal bool IsLongAbandoned()
    {
        bool wasAbandoned = _wasAbandoned;
        _wasAbandoned = _isDiscarding;
        return wasAbandoned;
    }

    /// <summary>Takes the stream's share of the window for data of that length; false if the remote may not send it.</summary>
    internal bool TryTakeWindow(uint length)
    {
        lock (_receiveGate)
        {
            if (_isReset)
                return true;   // reset a moment ago by this side: the data is skipped
            if (length > _windowLeft || (_isReadEnded && length > 0))
                return false;

            _windowLeft -= length;
            return true;
        }
    }

    /// <summary>Takes data from the read loop; false when the stream does not want it or the connection holds too much already.</summary>
    internal bool TryDeliver(ReadOnlySpan<byte> data)
    {
        lock (_receiveGate)
        {
            if (_isReset)
                return true;
            if (_isDiscarding || !_connection.Received.TryTake(data.Length))
                return false;

            _ring.Write(data);
            _readable?.Release();
            return true;
        }
    }

    /// <summary>The remote will send no more.</summary>
    internal void EndRead()
    {
        lock (_receiveGate)
        {
            _isReadEnded = true;
            _readable?.Release();
        }
    }

    /// <summary>The remote has room for that many bytes more; false if the sum is beyond what yamux can mean.</summary>
    internal bool TryGrantWindow(uint delta)
    {
        lock (_output.Gate)
        {
            _sendWindow += delta;
            _writable?.Release();
            return _sendWindow <= uint.MaxValue;
        }
    }

    /// <summary>Ends both halves after a reset from either end or the end of the connection.</summary>
    internal void EndByReset(bool tellRemote)
    {
        lock (_receiveGate)
        {
            if (_isReset)
                return;

            tellRemote &= !_isReadEnded || !_isWriteClosed;
            _isReset = true;
            _isReadEnded = true;
            _connection.Received.GiveBack(_ring.Length);
            _ring.Clear();
            _readable?.Release();
        }

        bool accepted = true;
        lock (_output.Gate)
        {
            _isSendReset = true;
            _isWriteClosed = true;
            _writable?.Release();
            if (tellRemote && _openingFlag != YamuxFlags.Syn)
                accepted = _output.TryAppendControl(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, Id, 0));
        }

        _connection.Appended(accepted);
        _connection.Forget(this);
    }

    /// <summary>Accepts an inbound stream: the remote counts unanswered ones.</summary>
    internal void Acknowledge() => AppendControl(YamuxType.WindowUpdate, 0, YamuxFlags.None);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (true)
        {
            int received;
            uint delta = 0;
            ValueTask started = default;
            lock (_receiveGate)
            {
                received = _ring.Read(target.Span);
                if (received > 0)
                    delta = TakeWindowUpdate();
                else if (_isReadEnded || target.IsEmpty)
                    return 0;
                else
                    started = (_readable ??= new StreamWaiter(_receiveGate)).StartAsync();
            }

            if (received > 0)
            {
                _connection.Received.GiveBack(received);
                if (delta > 0)
                    AppendControl(YamuxType.WindowUpdate, delta, YamuxFlags.None);
                return received;
            }

            await _readable!.WaitAsync(started, cancellationToken).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        while (!source.IsEmpty)
        {
            int taken = 0;
            ValueTask started = default;
            lock (_output.Gate)
            {
                if (_isWriteClosed || _output.IsBroken)
                    return false;

                if (_sendWindow > 0 && _output.HasRoom)
                {
                    taken = (int)Math.Min(Math.Min(source.Length, _sendWindow), Limits.DataFrameLengthMax);
                    _output.AppendData(new YamuxFrame(YamuxType.Data, TakeOpeningFlag(), Id, (uint)taken), source.Span[..taken]);
                    _sendWindow -= taken;
                }
                else
                {
                    _writable ??= new StreamWaiter(_output.Gate);
                    started = _sendWindow > 0 ? _output.WaitForRoomAsync(_writable) : _writable.StartAsync();
                }
            }

            if (taken > 0)
                _output.StartFlush();
            else
                await _writable!.WaitAsync(started, cancellationToken).ConfigureAwait(false);
            source = source[taken..];
        }

        return !_isSendReset;
    }

    private void CloseWrite()
    {
        bool accepted;
        lock (_output.Gate)
        {
            if (_isWriteClosed)
                return;

            _isWriteClosed = true;
            _writable?.Release();
            accepted = _output.TryAppendControl(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Fin | TakeOpeningFlag(), Id, 0));
        }

        _connection.Appended(accepted);
        if (IsOver)
            _connection.Forget(this);
    }

    private void AppendControl(YamuxType type, uint length, YamuxFlags flags)
    {
        bool accepted;
        lock (_output.Gate)
        {
            if (_isSendReset)
                return;

            accepted = _output.TryAppendControl(new YamuxFrame(type, flags | TakeOpeningFlag(), Id, length));
        }

        _connection.Appended(accepted);
    }

    // The first frame of a stream, whichever it is, carries SYN or ACK.
    private YamuxFlags TakeOpeningFlag()
    {
        YamuxFlags flag = _openingFlag;
        _openingFlag = YamuxFlags.None;
        return flag;
    }

    // The delta to grant once half of the window was read, else 0.
    private uint TakeWindowUpdate()
    {
        long delta = _windowTarget - _windowLeft - _ring.Length;
        if (_isReadEnded || delta < _windowTarget / 2)
            return 0;

        long now = _connection.Timestamp;
        if (_windowTarget < Limits.StreamWindowMax && _connection.IsWithinRoundTrips(_windowUpdatedAt, now)
            && _connection.Widened.TryTake(_windowTarget))
        {
            delta += _windowTarget;
            _windowTarget *= 2;
        }

        _windowUpdatedAt = now;
        _windowLeft += delta;
        return (uint)delta;
    }
}
