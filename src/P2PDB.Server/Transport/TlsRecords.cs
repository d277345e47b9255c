namespace P2PDB.Server.Transport;

/// <summary>
/// The records of TLS on a wire, as the stream that <see cref="System.Net.Security.SslStream"/> wants. A read that the wire's idle time
/// ends throws and leaves no byte lost: the next one goes on.
/// </summary>
internal sealed class TlsRecords(Wire wire, byte[] received) : Stream
{
    private const int FirstLength = 512;

    private byte[] _received = received;
    private int _taken;

    /// <summary>False during the handshake, which is not interrupted: connect_timeout ends it.</summary>
    public bool MayIdle { get; set; }

    /// <summary>True when the last read ended because nothing came.</summary>
    public bool IsIdle { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits, as the wire does, until there is something to read.</summary>
    public WireStatus AwaitFirst()
    {
        if (_taken < _received.Length)
            return WireStatus.Received;

        Span<byte> first = stackalloc byte[FirstLength];
        WireStatus status = wire.Receive(first, out int count);
        if (status == WireStatus.Received)
        {
            _received = first[..count].ToArray();
            _taken = 0;
        }

        return status;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        IsIdle = false;
        if (buffer.IsEmpty)
            return 0;   // asks whether there is anything, which the next read waits for
        if (_taken < _received.Length)
            return TakeReceived(buffer);

        while (true)
        {
            switch (wire.Receive(buffer, out int count))
            {
                case WireStatus.Received:
                    return count;
                case WireStatus.Closed:
                    return 0;
                default:
                    if (!MayIdle)
                        continue;
                    IsIdle = true;
                    throw new IOException("Nothing came for a while.");
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!wire.Send(buffer))
            throw new IOException("The client takes no more bytes.");
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Writes go through.
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private int TakeReceived(Span<byte> target)
    {
        int count = Math.Min(target.Length, _received.Length - _taken);
        _received.AsSpan(_taken, count).CopyTo(target);
        _taken += count;
        if (_taken == _received.Length)
        {
            _received = [];
            _taken = 0;
        }

        return count;
    }
}
