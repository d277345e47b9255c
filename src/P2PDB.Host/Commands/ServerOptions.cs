using System.CommandLine;

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

    public ServerAddress Read(ParseResult line) => new(
        line.GetValue(_host)!, line.GetValue(_port), line.GetValue(_user)!,
        line.GetValue(_passwordFile) is { } file ? FirstLineOf(file) : "");

    private static string FirstLineOf(FileInfo file)
    {
        using StreamReader reader = file.OpenText();
        return reader.ReadLine() ?? "";
    }
}
