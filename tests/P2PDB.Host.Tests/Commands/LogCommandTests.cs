using P2PDB.Host.Client;
using P2PDB.Host.Commands.Log;

namespace P2PDB.Host.Tests.Commands;

/// <summary>p2pdb log: entries that go from node to node in a file.</summary>
public sealed class LogCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pdb-log").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_carry_what_was_written_to_a_node_that_hears_nothing()
    {
        await using RunningNode owner = await RunningNode.StartAsync(Path.Combine(_folder, "owner"));
        await using RunningNode guest = await RunningNode.StartAsync(Path.Combine(_folder, "guest"));
        await JoinAsync(owner, guest);
        Assert.Equal(ExitCode.Done, await ExportAsync(owner, "first"));
        await owner.QueryAsync("INSERT INTO app.t VALUES (1), (2)");
        Assert.Equal(ExitCode.Done, await ExportAsync(owner, "second", since: "first"));

        Assert.Equal(ExitCode.Done, await ImportAsync(guest, "second"));

        Assert.Equal("2", await guest.QueryAsync("SELECT COUNT(*) FROM app.t"));
        Assert.True(new FileInfo(PathOf("second")).Length < new FileInfo(PathOf("first")).Length);
        Assert.Equal(["first", "guest", "owner", "second"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_written_over()
    {
        await using RunningNode owner = await RunningNode.StartAsync(Path.Combine(_folder, "owner"));
        await owner.QueryAsync("CREATE DATABASE app");
        await File.WriteAllTextAsync(PathOf("kept"), "mine");

        Assert.Equal(ExitCode.Failed, await ExportAsync(owner, "kept"));

        Assert.Equal("mine", await File.ReadAllTextAsync(PathOf("kept")));
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_taken_up_to_there_and_an_error()
    {
        await using RunningNode owner = await RunningNode.StartAsync(Path.Combine(_folder, "owner"));
        await owner.QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY)");
        await ExportAsync(owner, "whole");
        byte[] bytes = await File.ReadAllBytesAsync(PathOf("whole"));

        for (int length = 0; length < bytes.Length; length += 11)
        {
            await File.WriteAllBytesAsync(PathOf("cut"), bytes[..length]);
            Assert.Equal(ExitCode.Failed, await ImportAsync(owner, "cut"));
        }

        bytes[9] = 0xFF;
        await File.WriteAllBytesAsync(PathOf("cut"), bytes);
        Assert.Equal(ExitCode.Failed, await ImportAsync(owner, "cut"));
        Assert.Equal(ExitCode.Done, await ImportAsync(owner, "whole"));
    }

    private static async Task JoinAsync(RunningNode owner, RunningNode guest)
    {
        string ticket = (await owner.QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY); CALL p2pdb.invite('app', 'write')"))!;
        await guest.QueryAsync($"CALL p2pdb.join('{ticket}')");
        string peer = (await guest.QueryAsync("SELECT peer_id FROM p2pdb.peers"))!;
        await guest.QueryAsync($"CALL p2pdb.remove_peer('{peer}')");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await owner.QueryAsync("SELECT COUNT(*) FROM p2pdb.peers") != "0")
            await Task.Delay(20, deadline.Token);
    }

    private string PathOf(string file) => Path.Combine(_folder, file);

    private async Task<int> ExportAsync(RunningNode node, string file, string? since = null)
    {
        using MySqlConnection connection = await node.ConnectAsync();
        return await new LogExport("app", PathOf(file), since is null ? null : PathOf(since)).RunAsync(connection, CancellationToken.None);
    }

    private async Task<int> ImportAsync(RunningNode node, string file)
    {
        using MySqlConnection connection = await node.ConnectAsync();
        return await new LogImport(PathOf(file)).RunAsync(connection, CancellationToken.None);
    }
}
