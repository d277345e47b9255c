using System.Net.Sockets;
using MySqlConnector;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Tests.Transport;

/// <summary>Clients that connect by a socket file.</summary>
public sealed class LocalSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("p2pdb-socket-").FullName;

    private string SocketPath => Path.Combine(_directory, "mysql.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_client_of_this_machine_logs_in_with_its_password_and_the_file_goes_with_the_server()
    {
        await using (TestServer server = await TestServer.StartAsync(() => TestServer.Options(socketPath: SocketPath, parkAfterMs: 50), "geheim"))
        {
            await using var connection = new MySqlConnection(
                $"Server={SocketPath};ConnectionProtocol=Unix;User ID=root;Password=geheim;Pooling=false;AllowPublicKeyRetrieval=true");
            await connection.OpenAsync();
            await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
            await using var command = new MySqlCommand("SELECT CURRENT_USER()", connection);
            Assert.StartsWith("root@", (string)(await command.ExecuteScalarAsync())!, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task A_file_that_nobody_listens_on_is_replaced_and_one_that_is_served_is_not()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            killed.Bind(new UnixDomainSocketEndPoint(SocketPath));

        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(socketPath: SocketPath));

        Assert.Throws<SocketException>(() => LocalSocket.Listen(SocketPath, 1));
    }

    [Fact]
    public void Somebodys_file_is_not_taken_for_a_socket()
    {
        File.WriteAllText(SocketPath, "mine");

        Assert.Throws<SocketException>(() => LocalSocket.Listen(SocketPath, 1));

        Assert.Equal("mine", File.ReadAllText(SocketPath));
    }
}
