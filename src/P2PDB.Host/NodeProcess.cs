using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using P2PDB.Host.Options;
using P2PDB.Primitives.Keys;

namespace P2PDB.Host;

/// <summary>The life of <c>p2pdb start</c>: reads the settings, runs a node, prints the ready line, ends cleanly at a signal.</summary>
internal static class NodeProcess
{
    /// <summary>Runs until SIGTERM, Ctrl-C or the token.</summary>
    public static async Task<int> RunAsync(SettingsReader reader, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggerFactory = LoggerFactory.Create(static logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        ILogger logger = loggerFactory.CreateLogger("P2PDB.Host");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, ending));
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, ending));
        try
        {
            NodeSettings settings = reader.Read();
            Node node = await Node.StartAsync(settings, loggerFactory, ending.Token).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                LogMessages.Started(logger, settings.DataDirectory, Cryptography.Provider);
                await Console.Out.WriteLineAsync(node.ReadyLine.AsMemory(), ending.Token).ConfigureAwait(false);
                await Console.Out.FlushAsync(ending.Token).ConfigureAwait(false);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                LogMessages.Ending(logger);
            }

            return ExitCode.Done;
        }
        catch (SettingsException e)
        {
            return await FailAsync(ExitCode.BadUsage, e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return await FailAsync(ExitCode.Failed, e.Message).ConfigureAwait(false);
        }
    }

    private static void End(PosixSignalContext signal, CancellationTokenSource ending)
    {
        signal.Cancel = true;
        ending.Cancel();
    }

    private static async Task<int> FailAsync(int code, string message)
    {
        await Console.Error.WriteLineAsync("p2pdb: " + message).ConfigureAwait(false);
        return code;
    }
}
