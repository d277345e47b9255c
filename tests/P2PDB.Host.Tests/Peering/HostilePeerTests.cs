using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Host.Tests.Peering;

/// <summary>What a peer may send that no honest one sends costs it its connection, and nobody else anything.</summary>
public sealed class HostilePeerTests : IAsyncLifetime, IDisposable
{
    private const string Hello = "04000000 01010000 ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pdb-hostile").FullName;
    private RunningNode _node = null!;

    public static TheoryData<string> BadStreams => new(
        "00000000",
        "ffffffff",
        "01005000",
        "01000000 63",
        "21000000 07" + new string('0', 64),
        "04000000 01000000",
        Hello + Hello,
        Hello + "03000000 02aabb",
        Hello + "21000000 63" + new string('0', 64));

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync(Path.Combine(_folder, "node"));
        await _node.QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY); INSERT INTO app.t VALUES (1)");
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(BadStreams))]
    public async Task Who_breaks_the_sync_protocol_is_disconnected(string hex)
    {
        using SigningKey key = SigningKey.Generate();
        await using PeerSwarm swarm = NewSwarm(key);

        await SendAsync(swarm, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        await UntilDisconnectedAsync(swarm);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Who_sends_noise_is_disconnected(int seed)
    {
        using SigningKey key = SigningKey.Generate();
        await using PeerSwarm swarm = NewSwarm(key);
        byte[] noise = new byte[1 << 20];
        new Random(seed).NextBytes(noise);

        await SendAsync(swarm, noise);

        await UntilDisconnectedAsync(swarm);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("body")]
    [InlineData("time")]
    [InlineData("length")]
    public async Task A_member_that_forges_an_entry_is_disconnected_and_the_entry_not_held(string forged)
    {
        using Database guest = await JoinAndEndAsync();
        (DatabaseId database, byte[] entry) = WriteApart(guest);
        byte[] altered = [.. entry];
        EntryReader.TryRead(entry, out EntryReader reader);
        int signatureOffset = EntryFormat.FixedHeaderLength + (reader.ParentCount * EntryFormat.HashLength);
        altered[forged switch { "signature" => signatureOffset, "body" => signatureOffset + 64, "time" => 24, _ => 8 }] ^= 1;
        string? entryCount = await _node.QueryAsync("SELECT entries FROM p2pdb.`databases`");
        await using PeerSwarm swarm = NewSwarm(guest.NodeKey);

        await SendAsync(swarm, Frames(database, altered));

        await UntilDisconnectedAsync(swarm);
        Assert.Equal(entryCount, await _node.QueryAsync("SELECT entries FROM p2pdb.`databases`"));
        await AssertServesAsync();

        // The same node is heard again once it says the truth.
        await SendAsync(swarm, Frames(database, entry));
        await UntilAsync(async () => await _node.QueryAsync("SELECT COUNT(*) FROM app.t WHERE id = 99") == "1");
    }

    /// <summary>A node joins over the network and ends; what is left is its data directory, opened without sockets.</summary>
    private async Task<Database> JoinAndEndAsync()
    {
        string? ticket = await _node.QueryAsync("CALL p2pdb.invite('app', 'write')");
        string folder = Path.Combine(_folder, "guest");
        await using (RunningNode guest = await RunningNode.StartAsync(folder))
            Assert.Equal("joined", await guest.QueryAsync($"CALL p2pdb.join('{ticket}')"));
        return Database.Open(folder);
    }

    private static (DatabaseId Database, byte[] Entry) WriteApart(Database guest)
    {
        DatabaseLog log = Assert.Single(guest.Log.Databases);
        using Session session = guest.OpenSession();
        session.Execute("INSERT INTO app.t VALUES (99)"u8, ResultSink.Discard);
        ChainTip tip = log.FindChain(log.OwnAuthor)!.Tip;
        using var bytes = new ByteWriter();
        Assert.Equal(1, log.Published.ReadRange(tip.Last, tip.NextSeq - 1, int.MaxValue / 4, bytes));
        return (log.Id, bytes.Written.ToArray());
    }

    private static byte[] Frames(DatabaseId database, byte[] entries)
    {
        using var stream = new ByteWriter();
        using var frame = new ByteWriter();
        FrameWriter.Hello(frame, "hostile"u8);
        stream.WriteUInt32((uint)frame.Length);
        stream.Write(frame.Written);
        frame.Clear();
        FrameWriter.Entries(frame, database, entries);
        stream.WriteUInt32((uint)frame.Length);
        stream.Write(frame.Written);
        return stream.Written.ToArray();
    }

    private static PeerSwarm NewSwarm(SigningKey key) =>
        new(key, new SwarmOptions(), TimeProvider.System, new Random(1), NullLoggerFactory.Instance);

    private async Task SendAsync(PeerSwarm swarm, byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        Multiaddress address = Multiaddress.Parse(_node.Address);
        DialOutcome dial = await swarm.DialAsync(address, patience.Token);
        Assert.Equal(DialStatus.Connected, dial.Status);
        OpenOutcome open = await swarm.OpenStreamAsync(dial.Peer!, "/p2pdb/sync/1", patience.Token);
        Assert.True(open.IsOpened);
        try
        {
            await open.Stream!.WriteAsync(bytes, patience.Token);
        }
        catch (StreamResetException)
        {
            // The node had read enough.
        }
    }

    private static Task UntilDisconnectedAsync(PeerSwarm swarm) => UntilAsync(() => Task.FromResult(swarm.Connections.Count == 0));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task AssertServesAsync()
    {
        Assert.Equal("1", await _node.QueryAsync("SELECT COUNT(*) FROM app.t"));
        using SigningKey key = SigningKey.Generate();
        await using PeerSwarm other = NewSwarm(key);
        DialOutcome dial = await other.DialAsync(Multiaddress.Parse(_node.Address));
        Assert.Equal(DialStatus.Connected, dial.Status);
    }
}
