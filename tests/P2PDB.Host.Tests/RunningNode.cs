using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Host.Client;
using P2PDB.Host.Options;

namespace P2PDB.Host.Tests;

/// <summary>A whole node in this process, on free ports of the loopback device.</summary>
internal sealed partial class RunningNode : IAsyncDisposable
{
    private readonly Node _node;

    private RunningNode(Node node) => _node = node;

    /// <summary>Where its peers connect, with its peer id.</summary>
    public string Address => AddressPattern().Match(_node.ReadyLine).Groups[1].Value;

    private int MySqlPort => int.Parse(PortPattern().Match(_node.ReadyLine).Groups[1].Value, null);

    public static async Task<RunningNode> StartAsync(string folder) => new(await Node.StartAsync(
        new NodeSettings
        {
            DataDirectory = folder,
            MySql = new IPEndPoint(IPAddress.Loopback, 0),
            P2p = ["/ip4/127.0.0.1/tcp/0"],
            Peers = [],
            Http = null,
            Mdns = false,
            Store = "file",
            StoreMemory = 32L << 20,
            CheckpointInterval = 64L << 10,
            LocalInfile = true,
            SecureFilePriv = null,
            PasswordFile = null,
            Socket = null,
            TlsCertificate = null,
            TlsKey = null,
        },
        NullLoggerFactory.Instance, CancellationToken.None));

    /// <summary>Runs statements as a client; the first value of the last one's result.</summary>
    public async Task<string?> QueryAsync(string statements)
    {
        using MySqlConnection client = await ConnectAsync();
        IReadOnlyList<QueryResult> results = await client.QueryAsync(statements, CancellationToken.None);
        return results[^1].Rows is [var first, ..] ? first[0] : null;
    }

    /// <summary>Connects as a client, which the caller then owns.</summary>
    public Task<MySqlConnection> ConnectAsync() => MySqlConnection.OpenAsync("127.0.0.1", MySqlPort, "root", "", CancellationToken.None);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [GeneratedRegex(" p2p=(\\S+)")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("mysql=127\\.0\\.0\\.1:(\\d+)")]
    private static partial Regex PortPattern();
}
