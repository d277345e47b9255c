using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using P2PDB.Engine;
using P2PDB.Server.Authentication;
using P2PDB.Server.ResultSets;
using P2PDB.Server.Transport;

namespace P2PDB.Server;

/// <summary>What all connections of one server share.</summary>
internal sealed class ServerState(Database database, MySqlServerOptions options, ILogger logger) : IDisposable
{
    public Database Database { get; } = database;

    public MySqlServerOptions Options { get; } = options;

    public ILogger Logger { get; } = logger;

    /// <summary>Seconds of uptime.</summary>
    public CoarseClock Ticks { get; } = new();

    public PasswordCache Passwords { get; } = new();

    public KeyExchange Keys { get; } = new();

    /// <summary>How TLS is spoken with clients that ask for it; null where it is not offered.</summary>
    public SslServerAuthenticationOptions? Tls { get; } = options.Certificate is null ? null : new SslServerAuthenticationOptions
    {
        ServerCertificateContext = options.Certificate,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
    };

    /// <summary>Files of cursors.</summary>
    public CursorFiles CursorFiles { get; } = new(options.ScratchDirectory);

    /// <summary>All connections, by id.</summary>
    public ConcurrentDictionary<uint, ClientConnection> Connections { get; } = new();

    public void Dispose() => Keys.Dispose();
}
