using P2PDB.Host.Options;

namespace P2PDB.Host;

/// <summary>The life of <c>p2pdb start</c>: reads the settings, runs a node, prints the ready line, ends cleanly.</summary>
internal static class NodeProcess
{
    public static async Task<int> RunAsync(SettingsReader reader, CancellationToken cancellationToken)
    {
        NodeSettings settings;
        try
        {
            settings = reader.Read();
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync("p2pdb: " + e.Message).ConfigureAwait(false);
            return ExitCode.BadUsage;
        }

        await Console.Error.WriteLineAsync($"p2pdb: data in {settings.DataDirectory}".AsMemory(), cancellationToken).ConfigureAwait(false);
        return ExitCode.Failed;
    }
}
