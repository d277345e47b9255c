using System.CommandLine;
using P2PDB.Engine;

namespace P2PDB.Host.Commands;

/// <summary><c>p2pdb verify</c>: checks every byte of a data directory that is not in use.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => "data" };
        var command = new Command("verify", "Checks the journal and history of a data directory: frames, hashes, links, signatures.");
        command.Options.Add(data);
        command.SetAction(line => Verify(Path.GetFullPath(line.GetValue(data)!)));
        return command;
    }

    private static int Verify(string directory)
    {
        if (!Directory.Exists(directory))
        {
            Console.Error.WriteLine($"p2pdb verify: there is no directory {directory}; name one with --data");
            return ExitCode.BadUsage;
        }

        try
        {
            VerifyReport report = Database.Verify(directory);
            Console.Out.WriteLine(
                $"{report.DatabaseCount} databases, {report.SegmentCount} journal segments with {report.FrameCount} frames, "
                + $"{report.HistoryFileCount} history files, {report.EntryCount} entries, {report.SignatureCount} signatures");
            Console.Out.WriteLine(report.Damage is null ? "sound" : $"damaged: {report.Damage}");
            return report.Damage is null ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("p2pdb verify: " + e.Message);
            return ExitCode.Failed;
        }
    }
}
