using System.CommandLine;

namespace P2PDB.Host.Commands;

/// <summary><c>p2pdb verify</c>: checks every byte of a data directory that is not in use.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => "data" };
        var command = new Command("verify", "Checks the journal and history of a data directory: frames, hashes, links, signatures.");
        command.Options.Add(data);
        command.SetAction(line =>
        {
            Console.Error.WriteLine(line.GetValue(data));
            return ExitCode.Failed;
        });
        return command;
    }
}
