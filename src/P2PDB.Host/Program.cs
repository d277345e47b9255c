using System.CommandLine;
using P2PDB.Host;
using P2PDB.Host.Commands;
using P2PDB.Host.Commands.Log;
using P2PDB.Host.Commands.TestPeer;

RootCommand root = StartCommand.CreateRoot();
root.Subcommands.Add(StartCommand.Create());
root.Subcommands.Add(SqlCommand.Create());
root.Subcommands.Add(QueryCommand.Create("status", "Shows a node's databases.",
    "SELECT name, database_id, state_digest FROM p2pdb.`databases` ORDER BY name"));
root.Subcommands.Add(QueryCommand.Create("peers", "Shows the peers a node is connected to.", "SELECT * FROM p2pdb.peers"));
root.Subcommands.Add(VerifyCommand.Create());
root.Subcommands.Add(LogCommand.Create());
root.Subcommands.Add(UnbuiltCommand.Create("backup", "Copies a data directory while it is in use."));
root.Subcommands.Add(UnbuiltCommand.Create("restore", "Makes a data directory from a backup."));
root.Subcommands.Add(UnbuiltCommand.Create("keys", "Shows and replaces a node's keys."));
root.Subcommands.Add(TestPeerCommand.Create());

ParseResult line = root.Parse(args);
if (line.Errors.Count > 0)
{
    foreach (var error in line.Errors)
        Console.Error.WriteLine("p2pdb: " + error.Message);
    Console.Error.WriteLine("p2pdb: try 'p2pdb --help'");
    return ExitCode.BadUsage;
}

return await line.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
