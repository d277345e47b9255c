// Frames of all streams go into one pending buffer under one leaf lock. Whoever appends and finds nobody flushing becomes the flusher: it
// swaps the buffer out, seals and sends it, and looks again. A lone writer thus sends at once on its own thread, and under load the
// frames of many writers leave in one system call. After a few rounds the flusher moves to the thread pool, so that no writer is held
// back by the others' frames. Writers wait when the pending buffer is full; control frames have a reserve above that, and a
// remote that makes us fill even this (it asks and does not read) loses the connection.
using System.Buffers;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Muxers;

/// <summary>The outgoing half of a yamux connection.</summary>
internal sealed class YamuxOutput(IByteChannel channel)
{
    private const int RoundsOnCallersThread = 4;
    private const int CapacityMin = 4_096;

    private readonly Queue<StreamWaiter> _waiting = new();
    private byte[]? _pending;
    private int _pendingLength;
    private bool _isFlushing;
    private bool _isBroken;
    private StreamWaiter? _drained;

    /// <summary>Guards the pending buffer and the send windows of all streams. A leaf: nothing else is locked under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>True once the channel refused bytes or the connection was closed. Read it under the gate.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>True while data frames may be appended. Read it under the gate.</summary>
    public bool HasRoom => _pendingLength < Limits.PendingOutputLengthMax;

    /// <summary>Appends a frame with its data. Call it under the gate, with room, and <see cref="StartFlush"/> afterwards.</summary>
    public void AppendData(in YamuxFrame header, ReadOnlySpan<byte> data)
    {
        Span<byte> target = Reserve(YamuxFrame.HeaderLength + data.Length);
        header.Encode(target);
        data.CopyTo(target[YamuxFrame.HeaderLength..]);
    }

    /// <summary>Appends a frame without data; false when the remote does not take what it asked for. Call it under the gate.</summary>
    public bool TryAppendControl(in YamuxFrame frame)
    {
        if (_isBroken)
            return true;   // nobody will read it, and that is no fault of the remote
        if (_pendingLength > Limits.PendingOutputLengthMax + Limits.PendingControlLengthMax)
            return false;

        frame.Encode(Reserve(YamuxFrame.HeaderLength));
        return true;
    }

    /// <summary>Starts to wait for room. Call it under the gate.</summary>
    public ValueTask WaitForRoomAsync(StreamWaiter waiter)
    {
        ValueTask started = waiter.StartAsync();
        _waiting.Enqueue(waiter);
        return started;
    }

    /// <summary>Sees to it that what was appended is sent. Never waits.</summary>
    public void StartFlush()
    {
        lock (Gate)
        {
            if (_isFlushing || _isBroken || _pendingLength == 0)
                return;

            _isFlushing = true;
        }

        // Ends by itself: when nothing is pending, or when the channel breaks. DrainAsync waits for that through _drained.
        _ = FlushAsync();
    }

    /// <summary>Waits until all that was appended is sent, or the channel broke. One caller: whoever closes the connection.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        StartFlush();
        ValueTask started;
        lock (Gate)
        {
            if (!_isFlushing)
                return;

            _drained ??= new StreamWaiter(Gate);
            started = _drained.StartAsync();
        }

        await _drained.WaitAsync(started, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets nothing more out and releases who waits.</summary>
    public void Break()
    {
        lock (Gate)
        {
            _isBroken = true;
            if (_pending is not null)
                ArrayPool<byte>.Shared.Return(_pending);
            _pending = null;
            _pendingLength = 0;
            ReleaseWaiting();
        }
    }

    private async Task FlushAsync()
    {
        for (int round = 1; ; round++)
        {
            byte[] sending;
            int length;
            lock (Gate)
            {
                if (_isBroken || _pendingLength == 0)
                {
                    _isFlushing = false;
                    _drained?.Release();
                    return;
                }

                sending = _pending!;
                length = _pendingLength;
                _pending = null;
                _pendingLength = 0;
                ReleaseWaiting();
            }

            bool sent = await channel.SendAsync(sending.AsMemory(0, length), CancellationToken.None).ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(sending);
            if (!sent)
                Break();
            if (round == RoundsOnCallersThread)
                await Task.Yield();
        }
    }

    private Span<byte> Reserve(int length)
    {
        if (_pending is null || _pending.Length - _pendingLength < length)
        {
            byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(CapacityMin, Math.Max(_pendingLength + length, 2 * _pendingLength)));
            if (_pending is not null)
            {
                _pending.AsSpan(0, _pendingLength).CopyTo(grown);
                ArrayPool<byte>.Shared.Return(_pending);
            }

            _pending = grown;
        }

        Span<byte> reserved = _pending.AsSpan(_pendingLength, length);
        _pendingLength += length;
        return reserved;
    }

    private void ReleaseWaiting()
    {
        while (_waiting.TryDequeue(out StreamWaiter? waiter))
            waiter.Release();
    }
}
