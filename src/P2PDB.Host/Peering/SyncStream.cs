using System.Threading.Channels;
using P2PDB.Engine.Sync;
using P2PDB.Network.Muxers;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Host.Peering;

/// <summary>
/// Drives one <see cref="PeerSession"/> over one libp2p stream: frames in and out, wakes, the clock. The session is called under one lock; the stream is read and written outside of it.
/// </summary>
internal sealed class SyncStream : IPeerLink, IDisposable
{
    private const int ReceiveLengthFirst = 64 * 1024;

    private readonly MuxedStream _stream;
    private readonly TimeProvider _time;
    private readonly PeerSession _session;
    private readonly Lock _sessionLock = new();
    private readonly Lock _queueLock = new();
    private readonly Channel<bool> _wakes = Signal();
    private readonly Channel<bool> _sends = Signal();
    private readonly Channel<bool> _room = Signal();
    private ByteWriter _queued = new();
    private ByteWriter _sending = new();
    private int _queuedLength;
    private long _lastReceived;
    private bool _isClosed;

    public SyncStream(MuxedStream stream, SyncNode node, PublicKey remote, TimeProvider time)
    {
        _stream = stream;
        _time = time;
        Remote = remote;
        _session = node.Attach(this);
    }

    public PublicKey Remote { get; }

    public PeerSession Session => _session;

    /// <summary>True when the stream ended because the peer broke the protocol or sent forged entries.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>When the last frame came; null before the first.</summary>
    public DateTimeOffset? LastReceived => Volatile.Read(ref _lastReceived) is > 0 and long time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    public int QueuedLength => Volatile.Read(ref _queuedLength);

    public void Send(ReadOnlySpan<byte> frame)
    {
        lock (_queueLock)
        {
            if (_isClosed)
                return;
            SyncFraming.Write(frame, _queued);
            _queuedLength += SyncFraming.LengthLength + frame.Length;
        }

        _sends.Writer.TryWrite(true);
    }

    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Runs until the stream ends, the peer breaks the protocol, or the token.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_sessionLock)
            _session.Start();

        Task[] loops = [ReadAsync(ending.Token), WriteAsync(ending.Token), WorkAsync(ending.Token), TickAsync(ending.Token)];
        try
        {
            Task first = await Task.WhenAny(loops).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            _stream.Reset();
            await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Gives back the buffers. What is sent from then on goes nowhere.</summary>
    public void Dispose()
    {
        lock (_queueLock)
        {
            _isClosed = true;
            _queued.Dispose();
            _sending.Dispose();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var framing = new SyncFraming(ReceiveLengthFirst);
        while (true)
        {
            while (framing.TryTake(out ReadOnlySpan<byte> frame))
            {
                Volatile.Write(ref _lastReceived, _time.GetUtcNow().ToUnixTimeMilliseconds());
                if (!Receive(frame))
                {
                    IsBroken = true;
                    return;
                }

                while (!_session.WantsFrames)
                    await _room.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }

            if (framing.IsBroken)
            {
                IsBroken = true;
                return;
            }

            int read = await _stream.ReadAsync(framing.Room(), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
            framing.Advance(read);
        }
    }

    private bool Receive(ReadOnlySpan<byte> frame)
    {
        lock (_sessionLock)
        {
            if (!_session.Receive(frame))
                return false;
            _session.Work();
            return !_session.IsBroken;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _sends.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            lock (_queueLock)
                (_queued, _sending) = (_sending, _queued);

            await _stream.WriteAsync(_sending.WrittenMemory, cancellationToken).ConfigureAwait(false);
            lock (_queueLock)
                _queuedLength -= _sending.Length;
            _sending.Clear();
            Wake(); // There may be more of a long answer.
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wakes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            lock (_sessionLock)
            {
                _session.Work();
                if (_session.IsBroken)
                {
                    IsBroken = true;
                    return;
                }
            }

            _room.Writer.TryWrite(true);
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SyncNode.OfferInterval, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            lock (_sessionLock)
                _session.Tick();
        }
    }

    // Said twice before it is heard, it is heard once.
    private static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
