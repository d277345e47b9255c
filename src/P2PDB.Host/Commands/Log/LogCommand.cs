using System.CommandLine;

namespace P2PDB.Host.Commands.Log;

/// <summary><c>p2pdb log</c>: carries a database's entries in a file, from one node to another.</summary>
internal static class LogCommand
{
    public static Command Create()
    {
        var command = new Command("log", "Writes a database's entries to a file, and takes them from one. SQL shows them: p2pdb.log.");
        command.Subcommands.Add(CreateExport());
        command.Subcommands.Add(CreateImport());
        return command;
    }

    private static Command CreateExport()
    {
        var server = new ServerOptions();
        var database = new Argument<string>("DATABASE") { Description = "The database, by its name on this node." };
        var file = new Argument<string>("FILE") { Description = "Where the entries go; a file that is not there yet." };
        var since = new Option<string?>("--since")
        {
            Description = "An earlier file of this database: what is in it, or went before it, is left out.",
            HelpName = "FILE",
        };
        var command = new Command("export", "Writes the entries of a node's database to a file.");
        server.AddTo(command);
        command.Options.Add(since);
        command.Arguments.Add(database);
        command.Arguments.Add(file);
        command.SetAction((line, cancellationToken) =>
        {
            var export = new LogExport(line.GetValue(database)!, line.GetValue(file)!, line.GetValue(since));
            return server.RunAsync(line, connection => export.RunAsync(connection, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static Command CreateImport()
    {
        var server = new ServerOptions();
        var file = new Argument<string>("FILE") { Description = "A file that 'p2pdb log export' wrote." };
        var command = new Command("import", "Takes the entries of a file into a node that has their database, checked as a peer's are.");
        server.AddTo(command);
        command.Arguments.Add(file);
        command.SetAction((line, cancellationToken) =>
        {
            var import = new LogImport(line.GetValue(file)!);
            return server.RunAsync(line, connection => import.RunAsync(connection, cancellationToken), cancellationToken);
        });
        return command;
    }
}
