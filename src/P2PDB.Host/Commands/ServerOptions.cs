using System.CommandLine;
using P2PDB.Host.Client;

namespace P2PDB.Host.Commands;

/// <summary>The options of every command that talks to a running node as a MySQL client.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> _host = new("--host") { Description = "Where the node serves MySQL clients.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "The port it serves them on.", DefaultValueFactory = _ => 3306 };
    private readonly Option<string> _user = new("--user") { Description = "The account to log in as.", DefaultValueFactory = _ => "root" };
    private readonly Option<FileInfo?> _passwordFile = new("--password-file") { Description = "A file whose first line is the account's password." };

    public void AddTo(Command command)
    {
        command.Options.Add(_host);
        command.Options.Add(_port);
        command.Options.Add(_user);
        command.Options.Add(_passwordFile);
    }

    /// <summary>Runs one text of statements on the server that the line names, and prints the results; an exit code.</summary>
    public Task<int> RunAsync(ParseResult line, string statements, CancellationToken cancellationToken) =>
        RunAsync(line, address => address.RunAsync(statements, ResultTable.Write, cancellationToken), cancellationToken);

    /// <summary>Connects to the server that the line names and does some work there; an exit code.</summary>
    public Task<int> RunAsync(ParseResult line, Func<MySqlConnection, Task<int>> work, CancellationToken cancellationToken) =>
        RunAsync(line, address => address.RunAsync(work, cancellationToken), cancellationToken);

    private async Task<int> RunAsync(ParseResult line, Func<ServerAddress, Task<int>> work, CancellationToken cancellationToken)
    {
        int port = line.GetValue(_port);
        if (port is < 1 or > ushort.MaxValue)
        {
            await Console.Error.WriteLineAsync($"p2pdb: --port is {port}; ports are 1 to {ushort.MaxValue}").ConfigureAwait(false);
            return ExitCode.BadUsage;
        }

        string password = "";
        if (line.GetValue(_passwordFile) is { } file)
        {
            try
            {
                using var reader = new StreamReader(file.FullName);
                password = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"p2pdb: --password-file: {e.Message}").ConfigureAwait(false);
                return ExitCode.BadUsage;
            }
        }

        var address = new ServerAddress(line.GetValue(_host)!, port, line.GetValue(_user)!, password);
        return await work(address).ConfigureAwait(false);
    }
}
