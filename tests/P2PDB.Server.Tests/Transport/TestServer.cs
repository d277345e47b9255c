using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;

namespace P2PDB.Server.Tests.Transport;

/// <summary>A server on a free port of the loopback, with time under the test's control.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(MySqlServer server, ManualTimeProvider time, Database database)
    {
        Server = server;
        Time = time;
        Database = database;
    }

    public MySqlServer Server { get; }

    public ManualTimeProvider Time { get; }

    public Database Database { get; }

    public static async Task<TestServer> StartAsync(Func<MySqlServerOptions>? options = null, string? password = null)
    {
        var time = new ManualTimeProvider();
        Database database = MemoryDatabase.Open(password);
        var server = new MySqlServer(database, options?.Invoke() ?? Options(), time, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return new TestServer(server, time, database);
    }

    public static MySqlServerOptions Options(
        int connectionCountMax = 100, int packetLengthMax = 1 << 20, int parkAfterMs = 1_000, int writeTimeoutMs = 20_000,
        SslStreamCertificateContext? certificate = null, string? socketPath = null) => new()
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            ConnectionCountMax = connectionCountMax,
            PacketLengthMax = packetLengthMax,
            ParkAfter = TimeSpan.FromMilliseconds(parkAfterMs),
            WriteTimeout = TimeSpan.FromMilliseconds(writeTimeoutMs),
            Certificate = certificate,
            SocketPath = socketPath,
        };

    public RawClient Connect(int receiveBufferLength = 0) => new(Server.LocalEndPoint!, receiveBufferLength);

    /// <summary>Waits, by yielding, for something that another thread brings about.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "it did not come about");
            await Task.Yield();
        }
    }

    /// <summary>Another client gets in and is answered.</summary>
    public async Task AssertOthersAreServedAsync()
    {
        using RawClient other = Connect();
        other.LogIn();
        other.Command(P2PDB.Server.Packets.CommandCode.Ping, []);
        Assert.Equal(0, other.Read()![0]);
        other.Dispose();
        await UntilAsync(() => Server.ConnectionCount == 0);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Database.Dispose();
    }
}
