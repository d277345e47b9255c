using P2PDB.Host.Client;

namespace P2PDB.Host.Tests.Peering;

/// <summary>Peers that a client names and takes back.</summary>
public sealed class KeptPeerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pdb-kept").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_peer_that_was_added_is_there_after_a_restart_until_it_is_removed()
    {
        await using RunningNode peer = await RunningNode.StartAsync(Path.Combine(_folder, "peer"));
        string home = Path.Combine(_folder, "home");
        await using (RunningNode node = await RunningNode.StartAsync(home))
        {
            await node.QueryAsync($"CALL p2pdb.add_peer('{peer.Address}')");
            await UntilAsync(node, "SELECT COUNT(*) FROM p2pdb.peers WHERE syncs = 1 AND last_received IS NOT NULL", "1");
        }

        await using RunningNode again = await RunningNode.StartAsync(home);
        await UntilAsync(again, "SELECT COUNT(*) FROM p2pdb.peers WHERE latency_us > 0", "1");
        string peerId = (await again.QueryAsync("SELECT peer_id FROM p2pdb.peers"))!;
        await again.QueryAsync($"CALL p2pdb.remove_peer('{peerId}')");
        await UntilAsync(again, "SELECT COUNT(*) FROM p2pdb.peers", "0");
        Assert.Empty(await File.ReadAllTextAsync(Path.Combine(home, "peers.txt")));
        // Nobody kept it any more: gone it is no peer.
        await Assert.ThrowsAsync<ServerErrorException>(() => again.QueryAsync($"CALL p2pdb.remove_peer('{peerId}')"));
    }

    [Fact]
    public async Task Members_are_listed_with_the_databases_that_they_share()
    {
        await using RunningNode owner = await RunningNode.StartAsync(Path.Combine(_folder, "owner"));
        await using RunningNode guest = await RunningNode.StartAsync(Path.Combine(_folder, "guest"));
        string ticket = (await owner.QueryAsync("CREATE DATABASE app; CREATE DATABASE mine; CALL p2pdb.invite('app', 'write')"))!;
        await guest.QueryAsync($"CALL p2pdb.join('{ticket}')");

        await UntilAsync(owner, "SELECT shared_databases FROM p2pdb.peers", "app");
        await UntilAsync(guest, "SELECT shared_databases FROM p2pdb.peers", "app");
    }

    [Theory]
    [InlineData("CALL p2pdb.add_peer('somewhere')", "no address")]
    [InlineData("CALL p2pdb.add_peer('/ip4/127.0.0.1/tcp/4001')", "no address")]
    [InlineData("CALL p2pdb.add_peer(NULL)", "no address")]
    [InlineData("CALL p2pdb.remove_peer('somebody')", "no peer")]
    [InlineData("CALL p2pdb.remove_peer('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp')", "no peer")]
    public async Task What_names_no_peer_is_an_error(string statement, string text)
    {
        await using RunningNode node = await RunningNode.StartAsync(Path.Combine(_folder, "node"));

        ServerErrorException error = await Assert.ThrowsAsync<ServerErrorException>(() => node.QueryAsync(statement));

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(RunningNode node, string query, string expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        string? found = null;
        while (!patience.IsCancellationRequested && (found = await node.QueryAsync(query)) != expected)
            await Task.Yield();
        Assert.Equal(expected, found);
    }
}
