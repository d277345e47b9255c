using System.Net.Sockets;
using P2PDB.Host.Client;

namespace P2PDB.Host.Commands;

/// <summary>A node that serves MySQL clients, and the account to use there.</summary>
internal sealed record ServerAddress(string Host, int Port, string User, string Password)
{
    /// <summary>Connects, runs one text of statements, and hands over the results; failures become a message and an exit code.</summary>
    public Task<int> RunAsync(string statements, Action<IReadOnlyList<QueryResult>> show, CancellationToken cancellationToken) =>
        RunAsync(
            async connection =>
            {
                show(await connection.QueryAsync(statements, cancellationToken).ConfigureAwait(false));
                return ExitCode.Done;
            },
            cancellationToken);

    /// <summary>Connects and does some work; failures of the connection and of statements become a message and an exit code.</summary>
    public async Task<int> RunAsync(Func<MySqlConnection, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            using MySqlConnection connection = await MySqlConnection.OpenAsync(Host, Port, User, Password, cancellationToken).ConfigureAwait(false);
            return await work(connection).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync(
                $"p2pdb: no node answers at {Host}:{Port} ({e.Message}); start one with 'p2pdb start', or name another with --host and --port")
                .ConfigureAwait(false);
        }
        catch (ServerErrorException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or IOException)
        {
            await Console.Error.WriteLineAsync($"p2pdb: the connection to {Host}:{Port} broke: {e.Message}").ConfigureAwait(false);
        }

        return ExitCode.Failed;
    }
}
