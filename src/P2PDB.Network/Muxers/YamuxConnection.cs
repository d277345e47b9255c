// One loop reads the connection: it decrypts into its buffer, takes the frame headers out of it and hands the data of each frame to its
// stream in as many pieces as the buffer holds. It never waits for a stream's reader: flow control bounds what a stream may be
// sent, and data beyond the connection's bound resets the stream. It never waits for the socket either: answers are appended to the output.
// INVARIANT: a frame that breaks the protocol ends the connection with a go-away; a frame for a stream that is gone is skipped, for the
// remote may have sent it before it learned of the reset.
using System.Diagnostics.CodeAnalysis;
using P2PDB.Network.Peers;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Muxers;

/// <summary>A yamux 1.0.0 session over an encrypted channel.</summary>
internal sealed class YamuxConnection
{
    /// <summary>The protocol id in negotiation.</summary>
    public const string ProtocolId = "/yamux/1.0.0";

    private const int ReadBufferLengthInitial = 4_096;

    private readonly IByteChannel _channel;
    private readonly bool _isInitiator;
    private readonly TimeProvider _time;
    private readonly Action<MuxedStream> _accept;
    private readonly YamuxOutput _output;
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, MuxedStream> _streams = [];
    private uint _nextStreamId;
    private int _inboundCount;
    private volatile bool _isClosing;
    private volatile bool _isRemoteClosing;
    private volatile bool _isOver;

    // The data frame being read: its stream, or null where its bytes are skipped.
    private MuxedStream? _dataStream;
    private uint _dataRemaining;
    private YamuxFlags _dataFlags;

    /// <summary>Creates the session; nothing is read before <see cref="RunAsync"/>.</summary>
    /// <param name="channel">The channel to run over; aborted when the session ends.</param>
    /// <param name="remotePeer">Who is at its other end.</param>
    /// <param name="isInitiator">True for the side that dialled: its streams have odd ids.</param>
    /// <param name="time">The clock of keep-alive and window growth.</param>
    /// <param name="swarmReceived">The budget of all connections together for received bytes.</param>
    /// <param name="accept">Called on the read loop for each inbound stream; must return at once.</param>
    public YamuxConnection(
        IByteChannel channel, PeerId remotePeer, bool isInitiator, TimeProvider time, ByteBudget swarmReceived, Action<MuxedStream> accept)
    {
        Received = new ByteBudget(Limits.ConnectionReceivedLengthMax, swarmReceived);
        _channel = channel;
        _isInitiator = isInitiator;
        _time = time;
        _accept = accept;
        RemotePeer = remotePeer;
        _output = new YamuxOutput(channel);
        KeepAlive = new YamuxKeepAlive(this, time);
        _nextStreamId = isInitiator ? 1u : 2u;
    }

    /// <summary>Who is at the other end.</summary>
    public PeerId RemotePeer { get; }

    /// <summary>Round-trip times and liveness.</summary>
    public YamuxKeepAlive KeepAlive { get; }

    /// <summary>Why the session ended; <see cref="YamuxEnd.None"/> while it runs.</summary>
    public YamuxEnd End { get; private set; }

    /// <summary>Streams open in both directions.</summary>
    public int StreamCount
    {
        get
        {
            lock (_gate)
                return _streams.Count;
        }
    }

    /// <summary>False once either side said that it opens nothing more, or the session ended.</summary>
    public bool CanOpen => !_isClosing && !_isRemoteClosing && !_isOver;

    /// <summary>Bytes received and not yet read.</summary>
    internal ByteBudget Received { get; }

    /// <summary>What windows were widened by, so that one remote's fast streams cannot claim everything.</summary>
    internal ByteBudget Widened { get; } = new(Limits.ConnectionReceivedLengthMax / 2);

    /// <summary>The clock's reading.</summary>
    internal long Timestamp => _time.GetTimestamp();

    /// <summary>Reads frames until the channel ends, the remote breaks the protocol, or the session is closed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        YamuxEnd end = YamuxEnd.ChannelEnded;
        try
        {
            end = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (end == YamuxEnd.ProtocolBroken)
                await SayGoAwayAsync(YamuxGoAway.ProtocolError).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            end = YamuxEnd.Closed;
        }
        finally
        {
            Abort(end);
        }
    }

    /// <summary>The protocol of each open stream; empty where it is still being negotiated.</summary>
    public string[] ListStreamProtocols()
    {
        lock (_gate)
        {
            int count = 0;
            string[] protocols = new string[_streams.Count];
            foreach (MuxedStream stream in _streams.Values)
                protocols[count++] = stream.Protocol;
            return protocols;
        }
    }

    /// <summary>Opens a stream; false where the session is closing or has too many.</summary>
    public bool TryOpen([NotNullWhen(true)] out MuxedStream? stream)
    {
        stream = null;
        lock (_gate)
        {
            if (!CanOpen || _streams.Count - _inboundCount >= Limits.OutboundStreamCountMax || _nextStreamId > uint.MaxValue - 2)
                return false;

            stream = new MuxedStream(this, _output, _nextStreamId, isInbound: false);
            _streams.Add(_nextStreamId, stream);
            _nextStreamId += 2;
            return true;
        }
    }

    /// <summary>Tells the remote that we leave, sends what is pending, and ends the session. Takes at most the close time-out.</summary>
    public async Task CloseAsync()
    {
        _isClosing = true;
        await SayGoAwayAsync(YamuxGoAway.Normal).ConfigureAwait(false);
        Abort(YamuxEnd.Closed);
    }

    /// <summary>Ends the session at once; its streams are reset.</summary>
    public void Abort(YamuxEnd end)
    {
        MuxedStream[] streams;
        lock (_gate)
        {
            if (_isOver)
                return;

            _isOver = true;
            End = end;
            streams = [.. _streams.Values];
            _streams.Clear();
        }

        _output.Break();
        _channel.Abort();
        foreach (MuxedStream stream in streams)
            stream.EndByReset(tellRemote: false);
    }

    /// <summary>Resets the streams whose owners let go of them before the previous call and whose remote still has not ended them.</summary>
    public void SweepAbandoned()
    {
        List<MuxedStream> abandoned = [];
        lock (_gate)
        {
            foreach (MuxedStream stream in _streams.Values)
            {
                if (stream.IsLongAbandoned())
                    abandoned.Add(stream);
            }
        }

        foreach (MuxedStream stream in abandoned)
            stream.Reset();
    }

    /// <summary>Appends a ping; false if the output does not move.</summary>
    internal bool TryAppendPing(uint value) =>
        AppendControl(new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, value));

    /// <summary>Called after control frames were appended: sends them, or ends a session whose remote does not read.</summary>
    internal void Appended(bool accepted)
    {
        if (accepted)
            _output.StartFlush();
        else
            Abort(YamuxEnd.RemoteStalled);
    }

    /// <summary>Takes a stream that is over out of the table.</summary>
    internal void Forget(MuxedStream stream)
    {
        lock (_gate)
        {
            if (_streams.Remove(stream.Id) && stream.IsInbound)
                _inboundCount--;
        }
    }

    /// <summary>True if the time between the readings is so short that the window, not the link, sets the pace.</summary>
    internal bool IsWithinRoundTrips(long from, long to)
    {
        TimeSpan latency = KeepAlive.Latency;
        return latency > TimeSpan.Zero && _time.GetElapsedTime(from, to) < 4 * latency;
    }

    private async ValueTask<YamuxEnd> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ReadBufferLengthInitial];
        int length = 0;
        while (true)
        {
            int received = await _channel.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return _isClosing || _isRemoteClosing ? YamuxEnd.Closed : YamuxEnd.ChannelEnded;

            bool isFull = length + received == buffer.Length;
            int consumed = Parse(buffer.AsSpan(0, length + received));
            if (consumed < 0)
                return YamuxEnd.ProtocolBroken;

            length = length + received - consumed;   // less than one header
            byte[] next = isFull && buffer.Length < Limits.ReadBufferLength ? new byte[Limits.ReadBufferLength] : buffer;
            buffer.AsSpan(consumed, length).CopyTo(next);
            buffer = next;
        }
    }

    // Bytes consumed, or -1 where the remote broke the protocol.
    private int Parse(ReadOnlySpan<byte> bytes)
    {
        int consumed = 0;
        while (true)
        {
            if (_dataRemaining > 0)
            {
                int take = (int)Math.Min(_dataRemaining, (uint)(bytes.Length - consumed));
                TakeData(bytes.Slice(consumed, take));
                consumed += take;
                if (_dataRemaining > 0)
                    return consumed;
            }

            if (bytes.Length - consumed < YamuxFrame.HeaderLength)
                return consumed;

            if (!YamuxFrame.TryDecode(bytes.Slice(consumed, YamuxFrame.HeaderLength), out YamuxFrame frame) || !TryTakeFrame(frame))
                return -1;

            consumed += YamuxFrame.HeaderLength;
        }
    }

    private bool TryTakeFrame(in YamuxFrame frame)
    {
        switch (frame.Type)
        {
            case YamuxType.Ping:
                if ((frame.Flags & YamuxFlags.Ack) != 0)
                    KeepAlive.Answered(frame.Length);
                else
                    AppendControl(new YamuxFrame(YamuxType.Ping, YamuxFlags.Ack, 0, frame.Length));
                return true;

            case YamuxType.GoAway:
                _isRemoteClosing = true;
                return true;

            default:
                return TryTakeStreamFrame(frame);
        }
    }

    private bool TryTakeStreamFrame(in YamuxFrame frame)
    {
        if ((frame.Flags & YamuxFlags.Syn) != 0 && !TryAccept(frame.StreamId))
            return false;

        MuxedStream? stream;
        lock (_gate)
            _streams.TryGetValue(frame.StreamId, out stream);

        if (frame.Type == YamuxType.Data)
        {
            if (stream is null ? frame.Length > Limits.StreamWindowMax : !stream.TryTakeWindow(frame.Length))
                return false;

            _dataStream = stream;
            _dataRemaining = frame.Length;
            _dataFlags = frame.Flags;
            if (frame.Length == 0)
                EndFrame();
            return true;
        }

        if (stream is null)
            return true;
        if (!stream.TryGrantWindow(frame.Length))
            return false;

        _dataStream = stream;
        _dataFlags = frame.Flags;
        EndFrame();
        return true;
    }

    // False for a stream that the remote may not open; one too many is refused by a reset and is no fault.
    private bool TryAccept(uint streamId)
    {
        bool isOfRemote = (streamId & 1) == (_isInitiator ? 0u : 1u);
        MuxedStream? stream = null;
        lock (_gate)
        {
            if (!isOfRemote || _streams.ContainsKey(streamId))
                return false;

            if (!_isClosing && !_isOver && _inboundCount < Limits.InboundStreamCountMax)
            {
                stream = new MuxedStream(this, _output, streamId, isInbound: true);
                _streams.Add(streamId, stream);
                _inboundCount++;
            }
        }

        if (stream is null)
        {
            AppendControl(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, streamId, 0));
            return true;
        }

        stream.Acknowledge();
        _accept(stream);
        return true;
    }

    private void TakeData(ReadOnlySpan<byte> data)
    {
        if (_dataStream is not null && !_dataStream.TryDeliver(data))
        {
            _dataStream.Reset();
            _dataStream = null;
        }

        _dataRemaining -= (uint)data.Length;
        if (_dataRemaining == 0)
            EndFrame();
    }

    private void EndFrame()
    {
        MuxedStream? stream = _dataStream;
        _dataStream = null;
        if (stream is null)
            return;

        if ((_dataFlags & YamuxFlags.Rst) != 0)
        {
            stream.EndByReset(tellRemote: false);
        }
        else if ((_dataFlags & YamuxFlags.Fin) != 0)
        {
            stream.EndRead();
            if (stream.IsOver)
                Forget(stream);
        }
    }

    private bool AppendControl(in YamuxFrame frame)
    {
        bool accepted;
        lock (_output.Gate)
            accepted = _output.TryAppendControl(frame);
        Appended(accepted);
        return accepted;
    }

    private async Task SayGoAwayAsync(YamuxGoAway reason)
    {
        AppendControl(new YamuxFrame(YamuxType.GoAway, YamuxFlags.None, 0, (uint)reason));
        using var timeout = new CancellationTokenSource(Limits.CloseTimeout, _time);
        try
        {
            await _output.DrainAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The remote does not read; the socket is closed under what is left.
        }
    }
}
