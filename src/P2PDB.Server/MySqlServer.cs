using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Server;

/// <summary>
/// Serves MySQL clients over TCP and, where wanted, a socket file. A connection with traffic is served by a thread that blocks on its socket; one that
/// idles is parked and costs no thread (docs/decisions/0003-server-io.md). Engine calls run on the connection's thread.
/// </summary>
public sealed class MySqlServer : IAsyncDisposable
{
    private const int Backlog = 1_024;
    private const int DrainSeconds = 5;

    /// <summary>With more threads than this, connections are parked sooner: a crowd that just logs in needs few.</summary>
    private const int CrowdThreadCount = 256;

    private static readonly TimeSpan CrowdedParkAfter = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CutOffTimeout = TimeSpan.FromSeconds(2);

    private readonly ServerState _state;
    private readonly TimeProvider _time;
    private readonly ConnectionThreads _threads;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startTimestamp;
    private IdleWatch? _idleWatch;
    private ITimer? _timer;
    private Socket? _listener;
    private Socket? _localListener;
    private Task _accepting = Task.CompletedTask;
    private Task _acceptingLocal = Task.CompletedTask;
    private uint _lastId;
    private int _parkedCount;
    private bool _isDisposed;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="database">What it serves; stays the caller's and must outlive the server.</param>
    /// <param name="options">Settings.</param>
    /// <param name="timeProvider">The clock of all time-outs.</param>
    /// <param name="loggerFactory">Where it logs.</param>
    public MySqlServer(Database database, MySqlServerOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(options);
        _state = new ServerState(database, options, loggerFactory.CreateLogger<MySqlServer>());
        _time = timeProvider;
        _startTimestamp = timeProvider.GetTimestamp();
        _threads = new ConnectionThreads(Serve);
    }

    /// <summary>Where the server listens; null before <see cref="StartAsync"/>.</summary>
    public IPEndPoint? LocalEndPoint => (IPEndPoint?)_listener?.LocalEndPoint;

    /// <summary>How many clients are connected.</summary>
    public int ConnectionCount => _state.Connections.Count;

    /// <summary>Connections that idle without a thread.</summary>
    internal int ParkedCount => Volatile.Read(ref _parkedCount);

    /// <summary>Threads that serve connections, waiting ones included.</summary>
    internal int ThreadCount => _threads.Count;

    /// <summary>Binds and begins to accept. Throws <see cref="SocketException"/> when the address cannot be had.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var listener = new Socket(_state.Options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(_state.Options.EndPoint);
            listener.Listen(Backlog);
            if (_state.Options.SocketPath is { } path)
                _localListener = LocalSocket.Listen(path, Backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _idleWatch = IdleWatch.Create(Wake);
        _timer = _time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _accepting = AcceptAsync(listener, _stopping.Token);
        if (_localListener is not null)
            _acceptingLocal = AcceptAsync(_localListener, _stopping.Token);
        LogMessages.Listening(_state.Logger, listener.LocalEndPoint!);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops accepting, lets running statements finish for a bounded time, closes all connections.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        LogMessages.Stopping(_state.Logger, _state.Connections.Count);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        CloseLocalListener();
#pragma warning disable VSTHRD003 // StartAsync of this object began it, and nothing here holds a context.
        await _accepting.ConfigureAwait(false);
        await _acceptingLocal.ConfigureAwait(false);
#pragma warning restore VSTHRD003

        // A thread that waits for a request, and a parked connection, see the end of the stream at once; one that is
        // at work sees it when it has answered.
        foreach (KeyValuePair<uint, ClientConnection> pair in _state.Connections)
            pair.Value.Wire.StopReceiving();
        if (!await AllEndAsync(_state.Options.StopTimeout).ConfigureAwait(false))
        {
            LogMessages.StopTimedOut(_state.Logger, _state.Connections.Count);
            foreach (KeyValuePair<uint, ClientConnection> pair in _state.Connections)
                pair.Value.Kill();
            await AllEndAsync(CutOffTimeout).ConfigureAwait(false);
        }

        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        _idleWatch?.Dispose();
        _stopping.Dispose();
        _state.Dispose();
    }

    private async Task AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Open(await listener.AcceptAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of descriptors, or the client has gone already: neither ends the server.
                LogMessages.AcceptFailed(_state.Logger, exception.SocketErrorCode.ToString());
                await PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void CloseLocalListener()
    {
        if (_localListener is null)
            return;

        _localListener.Dispose();
        File.Delete(_state.Options.SocketPath!);
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(AcceptPause, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private void Open(Socket socket)
    {
        var wire = new SocketWire(socket, _state.Options.ParkAfter, _state.Options.WriteTimeout);
        if (_state.Connections.Count >= _state.Options.ConnectionCountMax)
        {
            TurnAway(wire);
            return;
        }

        var remote = socket.RemoteEndPoint as IPEndPoint;
        IPAddress? address = remote?.Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : remote?.Address;
        bool isLocal = socket.AddressFamily == AddressFamily.Unix;
        bool isLoopback = isLocal || (address is not null && IPAddress.IsLoopback(address));
        string host = isLoopback ? "localhost" : address?.ToString() ?? "";
        var connection = new ClientConnection(wire, _state, NextId(), host, isLoopback, isLocal);
        _state.Connections[connection.Id] = connection;
        LogMessages.ConnectionOpened(_state.Logger, connection.Id, remote);
        _threads.Run(connection);
    }

    /// <summary>Two loops accept; each takes numbers of its own.</summary>
    private uint NextId()
    {
        uint id;
        do
            id = Interlocked.Increment(ref _lastId);
        while (id == 0 || _state.Connections.ContainsKey(id));
        return id;
    }

    private void TurnAway(SocketWire wire)
    {
        LogMessages.TooManyConnections(_state.Logger, _state.Options.ConnectionCountMax);
        using (wire)
        using (var writer = new PacketWriter())
        {
            ResponsePackets.WriteError(writer, SqlErrors.TooManyConnections());
            wire.Send(writer.Written);
            wire.StopSending();
        }
    }

    private void Serve(ClientConnection connection)
    {
        var wire = (SocketWire)connection.Wire;
        bool isCrowded = _threads.Count > CrowdThreadCount && _state.Options.ParkAfter > CrowdedParkAfter;
        wire.IdleAfter = isCrowded ? CrowdedParkAfter : _state.Options.ParkAfter;
        if (connection.Serve() == ServeOutcome.Idle)
        {
            Interlocked.Increment(ref _parkedCount);
            _idleWatch!.Park(connection, wire.Socket);
            return;
        }

        try
        {
            connection.Dispose();
        }
#pragma warning disable CA1031 // The thread goes on to others; what one connection could not give back is not their fault.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogMessages.ConnectionFailed(_state.Logger, connection.Id, exception);
        }

        _state.Connections.TryRemove(connection.Id, out _);
        LogMessages.ConnectionEnded(_state.Logger, connection.Id);
        if (_isDisposed && _state.Connections.IsEmpty)
            _allEnded.TrySetResult();
    }

    private void Wake(ClientConnection connection)
    {
        Interlocked.Decrement(ref _parkedCount);
        _threads.Run(connection);
    }

    /// <summary>Once a second: moves the coarse clock and ends connections that took too long.</summary>
    private void Tick()
    {
        long now = (long)_time.GetElapsedTime(_startTimestamp).TotalSeconds;
        _state.Ticks.Set(now);
        foreach (KeyValuePair<uint, ClientConnection> pair in _state.Connections)
        {
            ClientConnection connection = pair.Value;
            double limit = connection.IsDraining ? DrainSeconds
                : connection.IsAwaitingFile ? _state.Options.ReadTimeout.TotalSeconds
                : connection.IsAuthenticated ? _state.Options.WaitTimeout.TotalSeconds
                : _state.Options.ConnectTimeout.TotalSeconds;
            if ((connection.IsServing && !connection.IsAwaitingFile) || now - connection.LastTick < limit)
                continue;

            LogMessages.ConnectionTimedOut(_state.Logger, connection.Id);
            connection.Wire.Abort();
        }
    }

    private async Task<bool> AllEndAsync(TimeSpan timeout)
    {
        if (_state.Connections.IsEmpty)
            return true;

        try
        {
            await _allEnded.Task.WaitAsync(timeout, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
