namespace P2PDB.Network.Transports;

/// <summary>
/// A byte channel as a stream, for what only speaks to streams. Reads give first what was received already. A broken channel is the end for
/// the reader and an exception for the writer, as streams have it.
/// </summary>
internal sealed class ChannelStream(IByteChannel channel, byte[] received) : Stream
{
    private int _taken;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length = Math.Min(buffer.Length, received.Length - _taken);
        if (length == 0)
            return channel.ReceiveAsync(buffer, cancellationToken);

        received.AsMemory(_taken, length).CopyTo(buffer);
        _taken += length;
        return ValueTask.FromResult(length);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!await channel.SendAsync(buffer, cancellationToken).ConfigureAwait(false))
            throw new IOException("The connection is closed.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            channel.Abort();
        base.Dispose(disposing);
    }
}
