using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Transactions;
using P2PDB.Server;

namespace P2PDB.Isolation.Workload;

/// <summary>P2PDB in this process, on files in memory and a free port of the loopback device.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly Database _database;
    private readonly MySqlServer _server;

    private LocalServer(Database database, MySqlServer server)
    {
        _database = database;
        _server = server;
    }

    /// <summary>How clients reach it.</summary>
    public string ConnectionString => $"Server=127.0.0.1;Port={_server.LocalEndPoint!.Port};User ID=root";

    /// <summary>Starts one, with bugs planted in it or without.</summary>
    public static async Task<LocalServer> StartAsync(TransactionFaults faults, StoreKind store = StoreKind.Memory)
    {
        Database database = Database.Open("memory", new DatabaseOptions
        {
            Volume = new MemoryVolume(new Random(1)),
            Journal = new JournalOptions { SegmentLength = 8 << 20 },
            Store = store,
            TransactionFaults = faults,
        });
        var server = new MySqlServer(
            database, new MySqlServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }, TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return new LocalServer(database, server);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _database.Dispose();
    }
}
