using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using P2PDB.Engine;
using P2PDB.Host.Options;
using P2PDB.Host.Peering;
using P2PDB.Network.Discovery;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Swarm;
using P2PDB.Server;
using P2PDB.Server.Transport;

namespace P2PDB.Host;

/// <summary>A running node: the database, what serves it, and what connects it. Disposing ends the parts in reverse.</summary>
internal sealed class Node : IAsyncDisposable
{
    private Swarm? _swarm;
    private PeerNetwork? _peers;
    private MdnsDiscovery? _discovery;
    private MySqlServer? _server;

    private Node(Database database) => Database = database;

    /// <summary>The database, for what runs beside the node in its process. Ends with the node.</summary>
    public Database Database { get; }

    /// <summary>The one line on stdout that scripts wait for.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>Opens the database and starts all parts that are on.</summary>
    /// <exception cref="SettingsException">A setting cannot be used: a taken port, an address that is not one.</exception>
    /// <exception cref="IOException">The data directory is in use or damaged.</exception>
    public static async Task<Node> StartAsync(NodeSettings settings, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        Refuse(settings);
        string? password = ReadPassword(settings.PasswordFile);
        List<Multiaddress> listen = Parse("--p2p", settings.P2p);
        List<Multiaddress> kept = Parse("--peer", settings.Peers);
        // In a new directory root has the password that is given here, or none: refused before anything is made.
        if (password is null && !Directory.Exists(settings.DataDirectory))
            RefuseOthersWithoutPassword(settings);
        Directory.CreateDirectory(settings.DataDirectory);
        Database database = Database.Open(settings.DataDirectory, new DatabaseOptions
        {
            RootPassword = password,
            Store = settings.Store == "file" ? StoreKind.File : StoreKind.Memory,
            StoreMemory = settings.StoreMemory,
            CheckpointInterval = settings.CheckpointInterval,
            AllowsLocalInfile = settings.LocalInfile,
            SecureFilePriv = FullPath(settings.SecureFilePriv),
        });
        var node = new Node(database);

        // A start reads the whole log and leaves large arrays behind, which a node that then allocates nearly nothing would keep.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            if (database.HasOpenRoot)
                RefuseOthersWithoutPassword(settings);
            await node.StartNetworkAsync(settings, listen, kept, loggerFactory, cancellationToken).ConfigureAwait(false);
            await node.StartServerAsync(settings, loggerFactory, cancellationToken).ConfigureAwait(false);
            node.ReadyLine = node.DescribeReady();
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        if (_discovery is not null)
            await _discovery.DisposeAsync().ConfigureAwait(false);
        if (_peers is not null)
            await _peers.DisposeAsync().ConfigureAwait(false);
        if (_swarm is not null)
            await _swarm.DisposeAsync().ConfigureAwait(false);
        Database.Dispose();
    }

    // Parts that are promised and not built yet refuse when they are switched on, and only then.
    private static void Refuse(NodeSettings settings)
    {
        if (settings.Http is not null)
            throw new SettingsException("--http: this version serves no HTTP yet; leave it off");
        if (settings.Mdns == true && settings.P2p.Count == 0)
            throw new SettingsException("--mdns is on and --p2p is off: peers can be found where they can connect; leave one of them out");
    }

    private static void RefuseOthersWithoutPassword(NodeSettings settings)
    {
        if (settings.MySql is { } endPoint && !IPAddress.IsLoopback(endPoint.Address))
        {
            throw new SettingsException(
                $"--mysql is '{endPoint}', which others can reach, and root has no password: give it one with --password-file, or listen on 127.0.0.1");
        }
    }

    private static string? FullPath(string? directory)
    {
        if (directory is null)
            return null;
        return Directory.Exists(directory)
            ? Path.GetFullPath(directory)
            : throw new SettingsException($"--secure-file-priv is '{directory}', which is not a directory");
    }

    private static string? ReadPassword(string? path)
    {
        if (path is null)
            return null;
        try
        {
            using var file = new StreamReader(path);
            string password = file.ReadLine() ?? "";
            if (password.Length == 0)
                throw new SettingsException($"--password-file: the first line of {path} is empty");
            if (Encoding.UTF8.GetByteCount(password) > PasswordHash.PasswordLengthMax)
                throw new SettingsException($"--password-file: the first line of {path} has more than {PasswordHash.PasswordLengthMax} bytes, which no password can");
            return password;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--password-file: {e.Message}");
        }
    }

    /// <summary>The certificate that was given, or one of the data directory; none where that cannot be had, and the node serves without TLS.</summary>
    private static SslStreamCertificateContext? ReadCertificate(NodeSettings settings, ILogger logger)
    {
        if ((settings.TlsCertificate is null) != (settings.TlsKey is null))
            throw new SettingsException("--tls-cert and --tls-key belong together: give both, or neither for a certificate made in the data directory");

        try
        {
            return settings.TlsCertificate is { } certificate && settings.TlsKey is { } key
                ? ServerCertificate.Load(certificate, key)
                : ServerCertificate.LoadOrCreate(settings.DataDirectory, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (settings.TlsCertificate is { } given)
                throw new SettingsException($"--tls-cert: {given} and its key cannot be used: {e.Message}");
            LogMessages.TlsNotOffered(logger, e.Message);
            return null;
        }
    }

    private static List<Multiaddress> Parse(string flag, IReadOnlyList<string> texts)
    {
        List<Multiaddress> addresses = [];
        foreach (string text in texts)
        {
            addresses.Add(Multiaddress.TryParse(text, out Multiaddress? address) && address is not null
                ? address
                : throw new SettingsException($"{flag} is '{text}', which is not a multiaddress such as /ip4/127.0.0.1/tcp/4001"));
        }

        return addresses;
    }

    private async Task StartNetworkAsync(
        NodeSettings settings, List<Multiaddress> listen, List<Multiaddress> kept, ILoggerFactory loggerFactory,
        CancellationToken cancellationToken)
    {
        if (listen.Count == 0)
            return;

        // The dice only spread redials and answers in time; the system's clock seeds them well enough.
        var dice = new Random(unchecked((int)TimeProvider.System.GetTimestamp()));
        _swarm = new Swarm(Database.NodeKey, new SwarmOptions(), TimeProvider.System, new Random(dice.Next()), loggerFactory);
        _peers = new PeerNetwork(_swarm, Database.Sync, new KnownPeers(settings.DataDirectory), TimeProvider.System, loggerFactory);
        Database.Network = _peers;
        foreach (Multiaddress address in listen)
        {
            try
            {
                await _swarm.ListenAsync(address, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ArgumentException)
            {
                throw new SettingsException($"--p2p: cannot listen at {address}: {e.Message}; name another address, or off");
            }
        }

        _peers.KeepAll(kept);
        if (settings.Mdns ?? ListensBeyondLoopback(_swarm))
            StartDiscovery(_swarm, settings, dice, loggerFactory);
    }

    private static bool ListensBeyondLoopback(Swarm swarm)
    {
        foreach (Multiaddress address in swarm.ListenAddresses)
        {
            if (!address.IsLoopback)
                return true;
        }

        return false;
    }

    private void StartDiscovery(Swarm swarm, NodeSettings settings, Random dice, ILoggerFactory loggerFactory)
    {
        try
        {
            _discovery = new MdnsDiscovery(
                swarm.LocalPeer, () => swarm.ListenAddresses, Network.Limits.MdnsInterval, TimeProvider.System, new Random(dice.Next()), loggerFactory);
        }
        catch (SocketException e) when (settings.Mdns is null)
        {
            // Nobody asked for it: the node goes on without.
            LogMessages.DiscoveryNotStarted(loggerFactory.CreateLogger("P2PDB.Host"), e.Message);
            return;
        }
        catch (SocketException e)
        {
            throw new SettingsException($"--mdns: another program has the port of mDNS for itself: {e.Message}; leave it off, or end that program");
        }

        var connector = new PeerConnector(swarm, TimeProvider.System, new Random(dice.Next()));
        _discovery.PeerDiscovered += connector.Take;
        _discovery.Start();
    }

    private async Task StartServerAsync(NodeSettings settings, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        if (settings.MySql is not { } endPoint)
            return;

        var options = new MySqlServerOptions
        {
            EndPoint = endPoint,
            SocketPath = settings.Socket,
            ScratchDirectory = Path.Combine(settings.DataDirectory, "scratch"),
            Certificate = ReadCertificate(settings, loggerFactory.CreateLogger("P2PDB.Host")),
        };
        _server = new MySqlServer(Database, options, TimeProvider.System, loggerFactory);
        try
        {
            await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            string local = settings.Socket is null ? "" : $" and {settings.Socket} (--socket)";
            throw new SettingsException($"--mysql: cannot listen at {endPoint}{local}: {e.Message}; name another address (port 0 is any free one), or off");
        }
    }

    private string DescribeReady()
    {
        var line = new StringBuilder("ready");
        if (_server?.LocalEndPoint is { } endPoint)
            line.Append(" mysql=").Append(endPoint);
        if (_swarm is not null)
            line.Append(" p2p=").AppendJoin(',', _swarm.ListenAddresses);
        return line.ToString();
    }
}
