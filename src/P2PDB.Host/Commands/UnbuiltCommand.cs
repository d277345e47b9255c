using System.CommandLine;

namespace P2PDB.Host.Commands;

/// <summary>A command whose name is promised and whose part is not built yet: it says so and fails.</summary>
internal static class UnbuiltCommand
{
    public static Command Create(string name, string description)
    {
        var command = new Command(name, description + " (not in this version)") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(_ =>
        {
            Console.Error.WriteLine($"p2pdb {name}: this version does not have it yet");
            return ExitCode.BadUsage;
        });
        return command;
    }
}
