using System.CommandLine;

namespace P2PDB.Host.Commands;

/// <summary>A command that is a fixed question to a running node.</summary>
internal static class QueryCommand
{
    public static Command Create(string name, string description, string statements)
    {
        var server = new ServerOptions();
        var command = new Command(name, description);
        server.AddTo(command);
        command.SetAction((line, cancellationToken) => server.RunAsync(line, statements, cancellationToken));
        return command;
    }
}
