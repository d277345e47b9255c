using Microsoft.Extensions.Logging;
using P2PDB.Engine.Sync;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Host.Peering;

/// <summary>
/// Joins the libp2p network to the engine's sync: a sync stream on each connection, opened by the side that dialled, and the peers
/// that this node stays connected to.
/// </summary>
internal sealed class PeerNetwork : IPeerNetwork, IAsyncDisposable
{
    private const string Protocol = "/p2pdb/sync/1";

    private readonly Swarm _swarm;
    private readonly SyncNode _node;
    private readonly KnownPeers _knownPeers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<PeerId, SyncStream> _streams = [];
    private readonly HashSet<PeerId> _keptPeers = [];
    private readonly HashSet<Task> _aside = [];

    public PeerNetwork(Swarm swarm, SyncNode node, KnownPeers knownPeers, TimeProvider time, ILoggerFactory loggerFactory)
    {
        _swarm = swarm;
        _node = node;
        _knownPeers = knownPeers;
        _time = time;
        _logger = loggerFactory.CreateLogger("P2PDB.Peering");
        swarm.ConnectionOpened += OnConnectionOpened;
        swarm.Handle(Protocol, RunAsync);
    }

    public IReadOnlyList<string> Addresses => Array.ConvertAll([.. _swarm.ListenAddresses], static address => address.ToString());

    public IReadOnlyList<PeerStatus> Peers
    {
        get
        {
            List<PeerStatus> peers = [];
            foreach (ConnectionSnapshot connection in _swarm.Connections)
            {
                lock (_lock)
                {
                    SyncStream? sync = _streams.GetValueOrDefault(connection.Peer);
                    PublicKey? known = connection.Peer.TryGetPublicKey(out PublicKey key) ? key : null;
                    peers.Add(new PeerStatus(
                        connection.Peer.ToString(), connection.RemoteAddress.ToString(),
                        connection.Direction == ConnectionDirection.Outbound, connection.Agent,
                        connection.ReceivedLength, connection.SentLength, sync is not null, connection.Latency, known, sync?.LastReceived));
                }
            }

            return peers;
        }
    }

    /// <summary>Stays connected to the peers of the command line and to those of earlier joins.</summary>
    public void KeepAll(IReadOnlyList<Multiaddress> configured)
    {
        foreach (Multiaddress address in configured)
            Keep(address);
        foreach (string known in _knownPeers.Addresses)
            TryKeep([known]);
    }

    public bool TryKeep(IReadOnlyList<string> addresses)
    {
        bool isUsable = false;
        foreach (string text in addresses)
        {
            if (!Multiaddress.TryParse(text, out Multiaddress? address) || address?.Peer is not { } peer || peer == _swarm.LocalPeer)
                continue;

            isUsable = true;
            // A peer that is kept at another address already, for example at one the operator named, stays there.
            bool isNew;
            lock (_lock)
                isNew = !_keptPeers.Contains(peer);
            if (isNew)
            {
                Keep(address);
                _knownPeers.Add(text);
            }
        }

        return isUsable;
    }

    public bool TryLetGo(string peer)
    {
        if (!PeerId.TryParse(peer, out PeerId? id))
            id = Multiaddress.TryParse(peer, out Multiaddress? address) ? address?.Peer : null;
        if (id is null)
            return false;

        bool wasKept;
        lock (_lock)
            wasKept = _keptPeers.Remove(id);
        wasKept |= _knownPeers.Remove(known => Multiaddress.TryParse(known, out Multiaddress? address) && address?.Peer == id);
        _swarm.LetGo(id);
        bool wasConnected = _swarm.IsConnected(id);
        if (wasConnected)
            RunAside(() => DisconnectAsync(id));
        return wasKept || wasConnected;
    }

    public async ValueTask DisposeAsync()
    {
        _swarm.ConnectionOpened -= OnConnectionOpened;
        _swarm.StopHandling(Protocol);
        await _ending.CancelAsync().ConfigureAwait(false);
        Task[] aside;
        lock (_lock)
            aside = [.. _aside];
        await Task.WhenAll(aside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private void Keep(Multiaddress address)
    {
        lock (_lock)
        {
            if (address.Peer is { } peer)
                _keptPeers.Add(peer);
        }

        _swarm.Keep(address);
    }

    private void OnConnectionOpened(ConnectionSnapshot connection)
    {
        // The event runs on the connection's own task, which must go on for the stream to open.
        if (connection.Direction == ConnectionDirection.Outbound)
            RunAside(() => OpenAsync(connection.Peer));
    }

    // Work that this object waits for when it ends; none is begun then.
    private void RunAside(Func<Task> work)
    {
        if (_ending.IsCancellationRequested)
            return;
        Task task = Task.Run(work, _ending.Token);
        lock (_lock)
        {
            _aside.RemoveWhere(static task => task.IsCompleted);
            _aside.Add(task);
        }
    }

    private async Task OpenAsync(PeerId peer)
    {
        OpenOutcome open = await _swarm.OpenStreamAsync(peer, Protocol, _ending.Token).ConfigureAwait(false);
        if (!open.IsOpened)
        {
            LogMessages.SyncNotOpened(_logger, peer, open.Status);
            return;
        }

        await using (open.Stream.ConfigureAwait(false))
            await RunAsync(open.Stream, _ending.Token).ConfigureAwait(false);
    }

    // Runs one sync stream to its end. Of two with one peer the later one goes on: the earlier may be dead and not know it yet.
    private async Task RunAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        PeerId peer = stream.RemotePeer;
        if (!peer.TryGetPublicKey(out PublicKey key))
        {
            LogMessages.PeerKeyForeign(_logger, peer);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        using var sync = new SyncStream(stream, _node, key, _time);
        lock (_lock)
            _streams[peer] = sync;
        LogMessages.SyncStarted(_logger, peer);
        try
        {
            await sync.RunAsync(ending.Token).ConfigureAwait(false);
        }
        catch (Exception end) when (end is StreamResetException or OperationCanceledException)
        {
            // The connection ended, or this node does.
        }
        finally
        {
            _node.Detach(sync.Session);
            lock (_lock)
            {
                if (_streams.GetValueOrDefault(peer) == sync)
                    _streams.Remove(peer);
            }

            LogMessages.SyncEnded(_logger, peer);
        }

        if (sync.IsBroken)
            await DropAsync(peer).ConfigureAwait(false);
    }

    private Task DropAsync(PeerId peer)
    {
        LogMessages.PeerBrokeProtocol(_logger, peer);
        return DisconnectAsync(peer);
    }

    private async Task DisconnectAsync(PeerId peer)
    {
        try
        {
            await _swarm.DisconnectAsync(peer).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // This node ends, and all its connections with it.
        }
    }
}
