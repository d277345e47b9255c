using System.Net.Sockets;

namespace P2PDB.Server.Transport;

/// <summary>A connection by TCP or a socket file in blocking mode. No asynchronous call may touch the socket: .NET would make it
/// non-blocking for good, and each later receive would go through the readiness thread.</summary>
internal sealed class SocketWire : Wire
{
    private readonly Socket _socket;
    private TimeSpan _idleAfter;

    /// <summary>Takes the socket over.</summary>
    public SocketWire(Socket socket, TimeSpan idleAfter, TimeSpan writeTimeout)
    {
        _socket = socket;
        if (socket.AddressFamily != AddressFamily.Unix)
            socket.NoDelay = true;
        _idleAfter = idleAfter;
        socket.ReceiveTimeout = (int)idleAfter.TotalMilliseconds;
        socket.SendTimeout = (int)writeTimeout.TotalMilliseconds;
    }

    /// <summary>The socket, for a readiness wait.</summary>
    public Socket Socket => _socket;

    /// <summary>How long a receive waits from now on; the reader's thread alone may set it.</summary>
    public TimeSpan IdleAfter
    {
        set
        {
            if (value == _idleAfter)
                return;

            _idleAfter = value;
            _socket.ReceiveTimeout = (int)value.TotalMilliseconds;
        }
    }

    public override WireStatus Receive(Span<byte> target, out int count)
    {
        try
        {
            count = _socket.Receive(target, SocketFlags.None, out SocketError error);
            if (error is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted)
                return WireStatus.Idle;
            return error == SocketError.Success && count > 0 ? WireStatus.Received : WireStatus.Closed;
        }
        catch (ObjectDisposedException)
        {
            count = 0;
            return WireStatus.Closed;
        }
    }

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
                if (error != SocketError.Success || sent <= 0)
                    return false;
                bytes = bytes[sent..];
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public override void StopReceiving() => Shutdown(SocketShutdown.Receive);

    public override void StopSending() => Shutdown(SocketShutdown.Send);

    public override void Abort() => Shutdown(SocketShutdown.Both);

    public override void Dispose() => _socket.Dispose();

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (SocketException)
        {
            // The other side was faster.
        }
        catch (ObjectDisposedException)
        {
            // The owner was.
        }
    }
}
