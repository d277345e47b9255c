// THE WAY OF A CONNECTION: TCP → multistream /noise → Noise XX (both identities proven) → yamux, agreed inside the handshake or by
// multistream → connection table → identify. From then on each inbound stream is negotiated and given to the handler of its protocol,
// and each outbound one is negotiated and given to the caller. What remotes do ends in status values; only the loops that own a
// connection or a stream catch everything, so that one peer's fault stays with that peer.
using System.Net;
using Microsoft.Extensions.Logging;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Negotiation;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Protocols.Ping;
using P2PDB.Network.Transports;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Swarm;

/// <summary>A libp2p node: listens, dials, and opens and serves streams by protocol id. All members may be called from any thread.</summary>
public sealed class Swarm : IAsyncDisposable
{
    private readonly SigningKey _identity;
    private readonly SwarmOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closingToken;   // outlives its source: a handler left behind may still ask
    private readonly RunningTasks _tasks = new();
    private readonly ProtocolTable _protocols = new();
    private readonly ConnectionTable _connections;
    private readonly AddressBook _addresses = new();
    private readonly ByteBudget _received = new(Limits.SwarmReceivedLengthMax);
    private readonly PeerDepartures _departures = new();
    private readonly Dialer _dialer;
    private readonly KeptPeers _keptPeers;
    private readonly IdentifyExchange _identify;
    private readonly SemaphoreSlim _pendingUpgrades = new(Limits.PendingUpgradeCountMax);
    private readonly Lock _gate = new();
    private readonly List<Listener> _listeners = [];
    private bool _isDisposed;

    /// <summary>Creates a node that neither listens nor dials yet.</summary>
    /// <param name="identity">The node's key; stays the caller's and must outlive the swarm.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock of time-outs, keep-alive and back-off.</param>
    /// <param name="random">The dice of the back-off's jitter; locked while used.</param>
    /// <param name="loggerFactory">Where the swarm logs.</param>
    public Swarm(SigningKey identity, SwarmOptions options, TimeProvider time, Random random, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _identity = identity;
        _options = options;
        _time = time;
        _logger = loggerFactory.CreateLogger("P2PDB.Network");
        _closingToken = _closing.Token;
        LocalPeer = PeerId.FromPublicKey(identity.PublicKey);
        _connections = new ConnectionTable(LocalPeer, Math.Min(options.ConnectionCountMax, Limits.ConnectionCountMax));
        _dialer = new Dialer(LocalPeer, _connections, _addresses, UpgradeOutboundAsync, options, time, _closingToken);
        _keptPeers = new KeptPeers(_dialer, _connections, _departures, random, time, _logger);
        _identify = new IdentifyExchange(this, identity, options, _protocols, _addresses, time);
        _protocols.Set(IdentifyProtocol.Id, _identify.AnswerAsync);
        _protocols.Set(IdentifyProtocol.PushId, _identify.TakePushAsync);
        _protocols.Set(PingProtocol.Id, static (_, stream, token) => PingProtocol.ServeAsync(stream, token));
        _tasks.TryStart(TendAsync);
    }

    /// <summary>Raised when the first connection to a peer is ready. Runs on the connection's task: return soon.</summary>
    public event Action<PeerId>? PeerConnected;

    /// <summary>Raised when the last connection to a peer is gone. Runs on the connection's task: return soon.</summary>
    public event Action<PeerId>? PeerDisconnected;

    /// <summary>Raised when identify answered or a peer pushed a change.</summary>
    public event Action<PeerId, IdentifyRecord>? PeerIdentified;

    /// <summary>Raised for each connection that finished its upgrade.</summary>
    public event Action<ConnectionSnapshot>? ConnectionOpened;

    /// <summary>This node's id.</summary>
    public PeerId LocalPeer { get; }

    /// <summary>The addresses this node listens at, each with its peer id.</summary>
    public IReadOnlyList<Multiaddress> ListenAddresses
    {
        get
        {
            var addresses = new List<Multiaddress>();
            lock (_gate)
            {
                foreach (Listener listener in _listeners)
                {
                    foreach (Multiaddress address in TcpTransport.Reachable(listener.LocalEndPoint, listener.IsWebSocket))
                        addresses.Add(address.WithPeer(LocalPeer));
                }
            }

            return addresses;
        }
    }

    /// <summary>The protocols this node serves, in text order.</summary>
    public IReadOnlyList<string> Protocols => _protocols.ToArray();

    /// <summary>All connections as they are now.</summary>
    public IReadOnlyList<ConnectionSnapshot> Connections
    {
        get
        {
            var snapshots = new List<ConnectionSnapshot>();
            foreach (PeerConnection connection in _connections.ToArray())
                snapshots.Add(connection.Snapshot());
            return snapshots;
        }
    }

    /// <summary>Serves a protocol from now on. The handler owns the stream until its task ends; then the stream is closed, or reset if it threw.</summary>
    /// <param name="protocol">The protocol id, such as <c>/p2pdb/sync/1</c>.</param>
    /// <param name="handler">Runs once per inbound stream; its token ends with the swarm.</param>
    public void Handle(string protocol, Func<MuxedStream, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _protocols.Set(protocol, (_, stream, token) => handler(stream, token));
        TellChange();
    }

    /// <summary>Serves a protocol no longer; streams that are open go on.</summary>
    public void StopHandling(string protocol)
    {
        if (_protocols.Remove(protocol))
            TellChange();
    }

    /// <summary>Listens at a TCP or WebSocket address with a literal IP; port 0 takes any free port.</summary>
    /// <returns>The address with the port taken and this node's peer id.</returns>
    /// <exception cref="ArgumentException">The address is not of that form.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken, or the address is not this machine's.</exception>
    public Task<Multiaddress> ListenAsync(Multiaddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        cancellationToken.ThrowIfCancellationRequested();
        if (!address.TryGetTransport(out TransportAddress transport) || !IPAddress.TryParse(transport.Host, out IPAddress? ip))
            throw new ArgumentException($"'{address}' is not an address to listen at: /ip4 or /ip6 and /tcp are needed, and /ws may follow", nameof(address));

        var listener = new Listener(
            TcpTransport.Listen(new IPEndPoint(ip, transport.Port)), transport.IsWebSocket, _pendingUpgrades, _time, _logger);
        bool isClosed;
        lock (_gate)
        {
            isClosed = _isDisposed;
            if (!isClosed)
                _listeners.Add(listener);
        }

        if (isClosed || !_tasks.TryStart(() => listener.RunAsync(AcceptChannel, _closingToken)))
        {
            listener.Dispose();
            throw new ObjectDisposedException(nameof(Swarm));
        }

        Multiaddress bound = Multiaddress.FromEndPoint(listener.LocalEndPoint, listener.IsWebSocket).WithPeer(LocalPeer);
        LogMessages.Listening(_logger, bound);
        TellChange();
        return Task.FromResult(bound);
    }

    /// <summary>Connects to an address; a peer that is connected already is not dialled again. Always tries at once, whatever happened before.</summary>
    public Task<DialOutcome> DialAsync(Multiaddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _dialer.DialAsync(address, cancellationToken);
    }

    /// <summary>Connects to a peer at an address that worked before or that the peer named.</summary>
    public Task<DialOutcome> DialAsync(PeerId peer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return _dialer.DialAsync(peer, cancellationToken);
    }

    /// <summary>Remembers addresses at which a peer is said to be reachable, behind those that worked.</summary>
    public void AddAddresses(PeerId peer, IReadOnlyList<Multiaddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(addresses);
        for (int i = addresses.Count - 1; i >= 0; i--)
            _addresses.AddUnproven(peer, addresses[i]);
    }

    /// <summary>True if there is a connection to the peer.</summary>
    public bool IsConnected(PeerId peer) => _connections.Contains(peer);

    /// <summary>Keeps an address connected while the swarm lives: redials with pauses of half a second to 10 min.</summary>
    public void Keep(Multiaddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _tasks.TryStart(() => _keptPeers.KeepAsync(address, _closingToken));
    }

    /// <summary>Keeps no address of a peer connected any more. A connection that is there stays, until either side closes it.</summary>
    public void LetGo(PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _keptPeers.LetGo(peer);
    }

    /// <summary>Opens a stream of a protocol, dialling the peer first where it is not connected.</summary>
    public async Task<OpenOutcome> OpenStreamAsync(PeerId peer, string protocol, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(protocol);
        if (!_connections.TryGetPreferred(peer, out PeerConnection? connection))
        {
            DialOutcome dial = await _dialer.DialAsync(peer, cancellationToken).ConfigureAwait(false);
            if (!dial.IsConnected || !_connections.TryGetPreferred(peer, out connection))
                return new OpenOutcome(OpenStatus.NotConnected, null);
        }

        return await OpenStreamAsync(connection, protocol, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a stream of a protocol on a connection that is there; never dials.</summary>
    internal Task<OpenOutcome> OpenConnectedStreamAsync(PeerId peer, string protocol, CancellationToken cancellationToken) =>
        _connections.TryGetPreferred(peer, out PeerConnection? connection)
            ? OpenStreamAsync(connection, protocol, cancellationToken)
            : Task.FromResult(new OpenOutcome(OpenStatus.NotConnected, null));

    /// <summary>One libp2p ping, dialling the peer first where it is not connected; null where it did not answer rightly.</summary>
    public async Task<TimeSpan?> PingAsync(PeerId peer, CancellationToken cancellationToken = default)
    {
        OpenOutcome open = await OpenStreamAsync(peer, PingProtocol.Id, cancellationToken).ConfigureAwait(false);
        if (!open.IsOpened)
            return null;

        await using (open.Stream.ConfigureAwait(false))
        {
            using var deadline = new Deadline(Limits.KeepAliveTimeout, _time, cancellationToken, _closingToken);
            try
            {
                return await PingProtocol.PingAsync(open.Stream, _time, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is StreamResetException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return null;
            }
        }
    }

    /// <summary>Closes all connections to a peer; an address that is kept is dialled again later.</summary>
    public async Task DisconnectAsync(PeerId peer)
    {
        foreach (PeerConnection connection in _connections.ToArray())
        {
            if (connection.Peer == peer)
                await connection.Muxer.CloseAsync().ConfigureAwait(false);
        }

        await _departures.WaitAsync(() => !_connections.Contains(peer), _closingToken).ConfigureAwait(false);
    }

    /// <summary>What a connected peer said about itself; null before identify answered.</summary>
    public IdentifyRecord? FindIdentity(PeerId peer) =>
        _connections.TryGetPreferred(peer, out PeerConnection? connection) ? connection.Identity : null;

    /// <summary>Closes all connections in peace and ends all handlers, within a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;

            _isDisposed = true;
            foreach (Listener listener in _listeners)
                listener.Dispose();
        }

        var closes = new List<Task>();
        foreach (PeerConnection connection in _connections.ToArray())
            closes.Add(connection.Muxer.CloseAsync());
        await Task.WhenAll(closes).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _tasks.EndAsync(Limits.CloseTimeout, _time).ConfigureAwait(false);
        _closing.Dispose();
    }

    internal async Task<OpenOutcome> OpenStreamAsync(PeerConnection connection, string protocol, CancellationToken cancellationToken)
    {
        if (!connection.Muxer.TryOpen(out MuxedStream? stream))
            return new OpenOutcome(OpenStatus.TooManyStreams, null);

        using var deadline = new Deadline(Limits.NegotiationTimeout, _time, cancellationToken);
        try
        {
            string? agreed = await MultistreamSelect.ProposeAsync(stream, [protocol], deadline.Token).ConfigureAwait(false);
            if (agreed is not null)
            {
                stream.Protocol = protocol;
                return new OpenOutcome(OpenStatus.Opened, stream);
            }

            stream.Reset();
            return new OpenOutcome(connection.Muxer.End == YamuxEnd.None ? OpenStatus.ProtocolNotServed : OpenStatus.NotConnected, null);
        }
        catch (OperationCanceledException)
        {
            stream.Reset();
            cancellationToken.ThrowIfCancellationRequested();
            return new OpenOutcome(OpenStatus.TimedOut, null);
        }
    }

    /// <summary>Ends when the swarm closes.</summary>
    internal CancellationToken Closing => _closingToken;

    /// <summary>Bytes that came from all remotes and were not read yet.</summary>
    internal long UnreadLength => _received.Taken;

    /// <summary>Starts work that the swarm waits for when it closes; false once it does. The work must not throw.</summary>
    internal bool TryStart(Func<Task> work) => _tasks.TryStart(work);

    internal void RaiseIdentified(PeerId peer, IdentifyRecord record) => PeerIdentified?.Invoke(peer, record);

    private void TellChange()
    {
        _identify.CountChange();
        _tasks.TryStart(() => _identify.PushAsync(_connections.ToArray(), _closingToken));
    }

    private void AcceptChannel(TcpChannel socket, bool isWebSocket)
    {
        if (!_tasks.TryStart(() => UpgradeInboundAsync(socket, isWebSocket)))
            socket.Abort();
    }

    private async Task UpgradeInboundAsync(TcpChannel socket, bool isWebSocket)
    {
        try
        {
            using var deadline = new Deadline(_options.UpgradeTimeout, _time, _closingToken);
            ITransportChannel? channel = isWebSocket
                ? await WebSocketTransport.TryAcceptAsync(socket, deadline.Token).ConfigureAwait(false)
                : socket;
            if (channel is not null)
                await UpgradeAsync(channel, isInitiator: false, expectedPeer: null, deadline.Token).ConfigureAwait(false);
            else
                LogMessages.UpgradeFailed(_logger, socket.RemoteAddress, DialStatus.NegotiationFailed);
        }
        catch (OperationCanceledException)
        {
            LogMessages.UpgradeFailed(_logger, socket.RemoteAddress, DialStatus.TimedOut);
        }
        finally
        {
            _pendingUpgrades.Release();
        }
    }

    private Task<DialOutcome> UpgradeOutboundAsync(ITransportChannel channel, PeerId? expectedPeer, CancellationToken cancellationToken) =>
        UpgradeAsync(channel, isInitiator: true, expectedPeer, cancellationToken);

    private async Task<DialOutcome> UpgradeAsync(ITransportChannel channel, bool isInitiator, PeerId? expectedPeer, CancellationToken cancellationToken)
    {
        bool isUp = false;
        try
        {
            UpgradeOutcome upgrade = await ConnectionUpgrade
                .RunAsync(channel, _identity, isInitiator, expectedPeer, _options.EarlyMuxer, cancellationToken).ConfigureAwait(false);
            if (upgrade.Status != DialStatus.Connected)
            {
                LogMessages.UpgradeFailed(_logger, channel.RemoteAddress, upgrade.Status);
                return new DialOutcome(upgrade.Status, null);
            }

            var connection = new PeerConnection(channel, upgrade, isInitiator, _time, _received, AcceptStream);
            if (!_connections.TryAdd(connection, out bool isFirst))
                return new DialOutcome(DialStatus.TooManyConnections, null);

            isUp = _tasks.TryStart(() => RunAsync(connection, isFirst));
            if (!isUp)
                _connections.Remove(connection);
            return isUp ? new DialOutcome(DialStatus.Connected, connection.Peer) : new DialOutcome(DialStatus.Closed, null);
        }
        finally
        {
            if (!isUp)
                channel.Abort();
        }
    }

    private async Task RunAsync(PeerConnection connection, bool isFirst)
    {
        try
        {
            LogMessages.Connected(_logger, connection.Peer, connection.RemoteAddress);
            ConnectionOpened?.Invoke(connection.Snapshot());
            if (isFirst)
                PeerConnected?.Invoke(connection.Peer);

            _tasks.TryStart(() => _identify.AskAsync(connection, _closingToken));
            await connection.RunAsync(_closingToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogMessages.ConnectionFailed(_logger, connection.Peer, failure);
        }
        finally
        {
            connection.Muxer.Abort(YamuxEnd.Closed);
            LogMessages.Disconnected(_logger, connection.Peer, connection.Muxer.End);
            if (_connections.Remove(connection))
            {
                _departures.Announce();
                PeerDisconnected?.Invoke(connection.Peer);
            }
        }
    }

    private void AcceptStream(PeerConnection connection, MuxedStream stream)
    {
        if (!_tasks.TryStart(() => ServeAsync(connection, stream)))
            stream.Reset();
    }

    private async Task ServeAsync(PeerConnection connection, MuxedStream stream)
    {
        try
        {
            string? protocol;
            using (var deadline = new Deadline(Limits.NegotiationTimeout, _time, _closingToken))
                protocol = await MultistreamSelect.AnswerAsync(stream, _protocols.Contains, deadline.Token).ConfigureAwait(false);

            if (protocol is null || _protocols.Find(protocol) is not { } handler)
            {
                stream.Reset();
                return;
            }

            stream.Protocol = protocol;
            await handler(connection, stream, _closingToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception ending) when (ending is StreamResetException or OperationCanceledException)
        {
            stream.Reset();
        }
        catch (Exception failure)
        {
            LogMessages.HandlerFailed(_logger, stream.Protocol, failure);
            stream.Reset();
        }
    }

    // Closes the spare connection that a simultaneous dial left behind, once nobody uses it.
    private async Task TendAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Limits.KeepAliveInterval, _time, _closingToken).ConfigureAwait(false);
                foreach (PeerConnection connection in _connections.ToArray())
                {
                    bool isSettled = _time.GetUtcNow() - connection.Since >= Limits.KeepAliveInterval;
                    if (isSettled && connection.Muxer.StreamCount == 0 && _connections.IsSurplus(connection))
                        await connection.Muxer.CloseAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The swarm closes.
        }
    }
}
