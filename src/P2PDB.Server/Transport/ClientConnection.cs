using System.Net.Security;
using Microsoft.Extensions.Logging;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Sessions;

namespace P2PDB.Server.Transport;

/// <summary>
/// One client's connection: reads packets, hands them to the session, sends what it wrote. At any time either one
/// thread serves it, or it is parked without one.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>After a fatal error so much is still read, so that the client sees the error and not a reset.</summary>
    private const int DrainLengthMax = 1 << 20;

    private readonly PacketChannel _channel;
    private readonly ClientSession _session;
    private readonly ILogger _logger;
    private bool _hasGreeted;
    private volatile bool _isServing;
    private volatile bool _isAwaitingFile;
    private volatile bool _isSecuring;
    private volatile int _servingThread;
    private long _lastTick;

    public ClientConnection(Wire wire, ServerState server, uint id, string clientHost, bool isLoopback)
    {
        Wire = wire;
        Id = id;
        _logger = server.Logger;
        _channel = new PacketChannel(wire);
        _session = new ClientSession(server, _channel, this, clientHost, isLoopback);
        _lastTick = server.Ticks.Now;
        Ticks = server.Ticks;
    }

    /// <summary>Number that SHOW PROCESSLIST and KILL know it by.</summary>
    public uint Id { get; }

    /// <summary>The byte stream.</summary>
    public Wire Wire { get; }

    /// <summary>When it last began to wait for a request, in ticks of the server's coarse clock.</summary>
    public long LastTick => Volatile.Read(ref _lastTick);

    /// <summary>True while a request is being worked on.</summary>
    public bool IsServing => _isServing;

    /// <summary>True while a statement waits for bytes of a file that the client sends.</summary>
    public bool IsAwaitingFile => _isAwaitingFile;

    /// <summary>True while the handshake of TLS lasts.</summary>
    public bool IsSecuring => _isSecuring;

    /// <summary>True once bytes go over TLS.</summary>
    public bool IsSecured { get; private set; }

    /// <summary>True while the last bytes of a connection that is over are read away.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>True once the client has proved who it is.</summary>
    public bool IsAuthenticated => _session.IsAuthenticated;

    private CoarseClock Ticks { get; }

    /// <summary>Serves requests until the connection idles or ends. Never throws.</summary>
    public ServeOutcome Serve()
    {
        try
        {
            return ServeRequests();
        }
#pragma warning disable CA1031 // This loop owns the connection: whatever failed ends this connection and no other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogMessages.ConnectionFailed(_logger, Id, exception);
            _channel.Writer.Abandon();
            Refuse(SqlErrors.UnknownError("internal error; see the server's log"));
            return ServeOutcome.Ended;
        }
    }

    /// <summary>Waits for bytes of the client's file, on the thread that serves it; net_read_timeout ends the wait.</summary>
    public WireStatus ReceiveFile()
    {
        if (!_isAwaitingFile)
            Volatile.Write(ref _lastTick, Ticks.Now);
        _isAwaitingFile = true;
        WireStatus status = _channel.Receive();
        _isAwaitingFile = status == WireStatus.Idle;
        return status;
    }

    /// <summary>Goes on over TLS, on the thread that serves it; connect_timeout ends the handshake. False ends the connection.</summary>
    public bool TrySecure(SslStreamCertificateContext certificate)
    {
        _isSecuring = true;
        IsSecured = _channel.TrySecure(certificate);
        _isSecuring = false;
        if (!IsSecured)
            LogMessages.TlsFailed(_logger, Id);
        return IsSecured;
    }

    /// <summary>Interrupts a running statement and ends the connection; from any thread.</summary>
    public void Kill()
    {
        _session.Interrupt();
        Wire.Abort();
    }

    /// <summary>Ends a connection whose session was killed; one that killed itself gets its answer first.</summary>
    public void EndKilled()
    {
        if (_servingThread != Environment.CurrentManagedThreadId)
            Wire.Abort();
    }

    public void Dispose()
    {
        _session.Dispose();
        _channel.Dispose();
        Wire.Dispose();
    }

    private ServeOutcome ServeRequests()
    {
        if (!_hasGreeted)
        {
            _hasGreeted = true;
            _session.Greet();
            _channel.Flush();
        }

        while (!_channel.IsBroken)
        {
            switch (_channel.TryTake(out ReadOnlySpan<byte> payload))
            {
                case PacketStatus.Complete:
                    if (!Handle(payload))
                        return ServeOutcome.Ended;
                    break;
                case PacketStatus.OutOfOrder:
                    return Refuse(ServerErrors.PacketsOutOfOrder);
                case PacketStatus.TooLarge:
                    return Refuse(SqlErrors.PacketTooLarge());
                default:
                    WireStatus received = _channel.Receive();
                    if (received == WireStatus.Closed)
                        return ServeOutcome.Ended;
                    if (received == WireStatus.Idle)
                    {
                        _channel.Trim(keepWarm: false);
                        return ServeOutcome.Idle;
                    }

                    break;
            }
        }

        return ServeOutcome.Ended;
    }

    private bool Handle(ReadOnlySpan<byte> payload)
    {
        _servingThread = Environment.CurrentManagedThreadId;
        _isServing = true;
        bool goesOn = _session.Handle(payload);
        _channel.Flush();
        _channel.Trim(keepWarm: true);
        if (_session.IsAuthenticated)
            Volatile.Write(ref _lastTick, Ticks.Now);   // before, connect_timeout counts from the start
        _isServing = false;
        _servingThread = 0;
        return goesOn;
    }

    private ServeOutcome Refuse(SqlError error)
    {
        ResponsePackets.WriteError(_channel.Writer, error);
        _channel.Flush();
        Drain();
        return ServeOutcome.Ended;
    }

    /// <summary>Closing with unread bytes would send a reset, and the client would lose the error it caused.</summary>
    private void Drain()
    {
        Volatile.Write(ref _lastTick, Ticks.Now);
        IsDraining = true;
        Wire.StopSending();
        Span<byte> scratch = stackalloc byte[256];
        for (int drained = 0; drained < DrainLengthMax;)
        {
            if (Wire.Receive(scratch, out int count) != WireStatus.Received)
                return;
            drained += count;
        }
    }
}
