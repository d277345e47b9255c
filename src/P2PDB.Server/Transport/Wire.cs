using System.Net.Security;

namespace P2PDB.Server.Transport;

/// <summary>
/// A client's byte stream as the thread that serves it sees it: blocking, without exceptions. One thread reads and
/// writes; <see cref="StopReceiving"/> and <see cref="Abort"/> may come from any.
/// </summary>
internal abstract class Wire : IDisposable
{
    /// <summary>Waits for bytes, for a bounded time.</summary>
    public abstract WireStatus Receive(Span<byte> target, out int count);

    /// <summary>Sends all bytes; false once the client does not take them.</summary>
    public abstract bool Send(ReadOnlySpan<byte> bytes);

    /// <summary>Goes on over TLS, when the client has begun it; false where that fails, which ends the connection.</summary>
    /// <param name="unread">What has arrived beyond the client's wish for TLS.</param>
    /// <param name="certificate">What the server shows.</param>
    public virtual bool TrySecure(ReadOnlySpan<byte> unread, SslStreamCertificateContext certificate) => false;

    /// <summary>Version of TLS as MySQL names it, and its cipher suite; both empty without TLS.</summary>
    public virtual (string Version, string Cipher) Tls => ("", "");

    /// <summary>Lets the reader see the end of the stream after what has already arrived.</summary>
    public abstract void StopReceiving();

    /// <summary>Ends sending, so that the client sees the end after the last bytes.</summary>
    public abstract void StopSending();

    /// <summary>Ends both ways at once; blocked calls return.</summary>
    public abstract void Abort();

    public abstract void Dispose();
}
