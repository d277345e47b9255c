using System.Net.Security;
using System.Security.Authentication;

namespace P2PDB.Server.Transport;

/// <summary>
/// TLS over a client's wire, as the server. The handshake begins with the client's first byte, so that one who asks for TLS and
/// then says nothing is parked like any other. A thread serves it, as the wire below; aborting that one ends it.
/// </summary>
internal sealed class TlsWire : Wire
{
    private readonly Wire _below;
    private readonly SslServerAuthenticationOptions _options;
    private readonly TlsRecords _records;
    private readonly SslStream _stream;
    private bool _hasFailed;

    /// <summary>Makes the wire; nothing is sent or received yet.</summary>
    /// <param name="below">What carries the records; stays the caller's.</param>
    /// <param name="options">The certificate and the versions.</param>
    /// <param name="received">Bytes of the client's that were received before it was known that they belong here.</param>
    public TlsWire(Wire below, SslServerAuthenticationOptions options, byte[] received)
    {
        _below = below;
        _options = options;
        _records = new TlsRecords(below, received);
        _stream = new SslStream(_records, leaveInnerStreamOpen: true);
    }

    /// <summary>The version that was agreed on, as MySQL writes it; empty before the handshake.</summary>
    public string Version => _stream.IsAuthenticated
        ? _stream.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2"
        : "";

    /// <summary>The cipher suite that was agreed on, by its registered name; empty before the handshake.</summary>
    public string Cipher => _stream.IsAuthenticated ? _stream.NegotiatedCipherSuite.ToString() : "";

    public override WireStatus Receive(Span<byte> target, out int count)
    {
        count = 0;
        try
        {
            if (!_stream.IsAuthenticated)
            {
                WireStatus begun = _records.AwaitFirst();
                if (begun != WireStatus.Received)
                    return begun;
                _stream.AuthenticateAsServer(_options);
                _records.MayIdle = true;
            }

            count = _stream.Read(target);
            return count > 0 ? WireStatus.Received : WireStatus.Closed;
        }
        catch (IOException) when (_records.IsIdle)
        {
            return WireStatus.Idle;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or ObjectDisposedException or InvalidOperationException)
        {
            // No TLS, no version and cipher in common, a forged record, or the end.
            _hasFailed = true;
            return WireStatus.Closed;
        }
    }

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            _hasFailed = true;
            return false;
        }
    }

    public override void StopReceiving() => _below.StopReceiving();

    public override void StopSending() => _below.StopSending();

    public override void Abort() => _below.Abort();

    /// <summary>Tells the client that nothing was cut off, and lets go of the keys. The wire below stays open.</summary>
    public override void Dispose()
    {
        if (_stream.IsAuthenticated && !_hasFailed)
            TryShutDown();

        _stream.Dispose();
        _records.Dispose();
    }

    private void TryShutDown()
    {
        try
        {
            // Done when the call returns, since the records are written in place; a client that is gone misses nothing.
            _ = _stream.ShutdownAsync();
        }
#pragma warning disable CA1031 // The library below throws types of its own; the connection is over in any case.
        catch (Exception)
#pragma warning restore CA1031
        {
            // It was ended in the middle of a record.
        }
    }
}
