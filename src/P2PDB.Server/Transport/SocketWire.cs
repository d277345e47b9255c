using System.ComponentModel;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace P2PDB.Server.Transport;

/// <summary>A TCP connection in blocking mode. No asynchronous call may touch the socket: .NET would make it
/// non-blocking for good, and each later receive would go through the readiness thread.</summary>
internal sealed class SocketWire : Wire
{
    private readonly Socket _socket;
    private TimeSpan _idleAfter;
    private SslStream? _tls;

    /// <summary>Takes the socket over.</summary>
    public SocketWire(Socket socket, TimeSpan idleAfter, TimeSpan writeTimeout)
    {
        _socket = socket;
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

    public override (string Version, string Cipher) Tls => _tls is null ? ("", "")
        : (_tls.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2", _tls.NegotiatedCipherSuite.ToString());

    public override WireStatus Receive(Span<byte> target, out int count)
    {
        if (_tls is not null)
            return ReceiveSecured(_tls, target, out count);
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
        if (_tls is not null)
            return SendSecured(_tls, bytes);
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

    public override bool TrySecure(ReadOnlySpan<byte> unread, SslStreamCertificateContext certificate)
    {
        var records = new RecordStream(_socket, unread.ToArray());
        var tls = new SslStream(records, leaveInnerStreamOpen: true);
        try
        {
            tls.AuthenticateAsServer(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
#pragma warning disable CA5398 // The protocol of MySQL 8.4 allows these two; the system's default could be less.
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            });
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or ObjectDisposedException or Win32Exception)
        {
            tls.Dispose();
            return false;
        }

        records.ReportsIdle = true;
        _tls = tls;
        return true;
    }

    public override void StopReceiving() => Shutdown(SocketShutdown.Receive);

    public override void StopSending() => Shutdown(SocketShutdown.Send);

    public override void Abort() => Shutdown(SocketShutdown.Both);

    public override void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private static WireStatus ReceiveSecured(SslStream tls, Span<byte> target, out int count)
    {
        count = 0;
        try
        {
            count = tls.Read(target);
            return count > 0 ? WireStatus.Received : WireStatus.Closed;
        }
        catch (RecordStream.IdleException)
        {
            return WireStatus.Idle;   // what has come of a record so far is kept
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return WireStatus.Closed;
        }
    }

    private static bool SendSecured(SslStream tls, ReadOnlySpan<byte> bytes)
    {
        try
        {
            tls.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

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
