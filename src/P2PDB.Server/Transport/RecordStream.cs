using System.Net.Sockets;

namespace P2PDB.Server.Transport;

/// <summary>
/// What TLS reads from and writes to: first bytes that had arrived with the client's wish for TLS, then the socket. Silence in the midst of
/// data is an <see cref="IdleException"/>, after which reading may go on.
/// </summary>
internal sealed class RecordStream(Socket socket, byte[] unread) : Stream
{
    private static readonly IdleException Idle = new();

    private int _taken;

    /// <summary>False while the handshake lasts: then silence is waited out, until the connection is ended.</summary>
    public bool ReportsIdle { get; set; }

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

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_taken < unread.Length)
        {
            int count = Math.Min(buffer.Length, unread.Length - _taken);
            unread.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }

        while (true)
        {
            int count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            switch (error)
            {
                case SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted:
                    if (ReportsIdle)
                        throw Idle;
                    break;
                case SocketError.Success:
                    return count;
                default:
                    return 0;
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="IOException">The client does not take the bytes.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int sent = socket.Send(buffer, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || sent <= 0)
                throw new IOException("The client is gone.");
            buffer = buffer[sent..];
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing waits here.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Nothing came for a while. One object serves all: nobody looks at where it was thrown.</summary>
    internal sealed class IdleException() : IOException("Nothing came for a while.");
}
