using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using P2PDB.Host.Options;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>
/// The life of <c>p2pdb peer</c>: starts, answers commands, and ends by the command <c>exit</c>, a signal, the end of stdin or
/// <c>--exit-after</c>.
/// </summary>
internal static class TestPeerProcess
{
    /// <summary>Time for a peaceful end; the contract gives the process 3 s in all.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2.5);

    /// <summary>Runs a peer on this process's standard streams.</summary>
    public static async Task<int> RunAsync(TestPeerSettings settings, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggerFactory = LoggerFactory.Create(static logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, ending));
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, ending));
        Stream input = Console.OpenStandardInput();
        Stream output = Console.OpenStandardOutput();
        await using (input.ConfigureAwait(false))
        await using (output.ConfigureAwait(false))
            return await RunAsync(settings, input, output, TimeProvider.System, loggerFactory, ending.Token).ConfigureAwait(false);
    }

    /// <summary>Runs a peer until it ends as the contract says; its exit code.</summary>
    /// <param name="settings">What it was started with.</param>
    /// <param name="input">Where commands come from.</param>
    /// <param name="output">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggerFactory">Where it logs, for people.</param>
    /// <param name="cancellationToken">A signal to the process.</param>
    internal static async Task<int> RunAsync(
        TestPeerSettings settings, Stream input, Stream output, TimeProvider time, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        using var events = new EventWriter(output, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var node = new TestPeerNode(settings, events, time, loggerFactory);
        try
        {
            await node.StartAsync(ending.Token).ConfigureAwait(false);
            Task scheduled = node.RunScheduledAsync(ending.Token);
            await WaitForEndAsync(settings, new CommandLoop(node.Commands, events), input, time, ending.Token).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            await scheduled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        }
        catch (SettingsException failure)
        {
            await Console.Error.WriteLineAsync("p2pdb peer: " + failure.Message).ConfigureAwait(false);
            return ExitCode.CannotStart;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            Task disposal = node.DisposeAsync().AsTask();
            await Task.WhenAny(disposal, Task.Delay(EndTimeout, time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private static async Task WaitForEndAsync(
        TestPeerSettings settings, CommandLoop loop, Stream input, TimeProvider time, CancellationToken cancellationToken)
    {
        // A read of stdin that waits cannot be cancelled: it is left behind, and ends with the process.
        Task<bool> commands = Task.Run(() => loop.RunAsync(input, cancellationToken), CancellationToken.None);
        Task deadline = Task.Delay(settings.ExitAfter ?? Timeout.InfiniteTimeSpan, time, cancellationToken);
        Task first = await Task.WhenAny(commands, deadline).ConfigureAwait(false);
        if (first != commands)
            return;

        bool isExit = await commands.ConfigureAwait(false);
        if (!isExit && settings.ExitAfter is not null)
            await deadline.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void End(PosixSignalContext signal, CancellationTokenSource ending)
    {
        signal.Cancel = true;
        ending.Cancel();
    }
}
