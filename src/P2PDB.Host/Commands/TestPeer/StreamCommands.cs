using System.Text.Json;
using P2PDB.Network.Muxers;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The commands that open streams: <c>echo</c>, <c>send</c>, <c>halfclose</c> and <c>reset</c>.</summary>
internal sealed class StreamCommands(PeerTarget target, TimeProvider time)
{
    // What one command may claim of this process's memory: the streams of an echo hold a round each.
    private const int LengthMax = 256 * 1_024 * 1_024;
    private const int StreamCountMax = 4_096;
    private const int RoundCountMax = 100_000;

    private static readonly TimeSpan PauseBeforeReset = TimeSpan.FromMilliseconds(200);

    public void AddTo(CommandTable commands)
    {
        commands.Add("echo", "echo-result", EchoAsync);
        commands.Add("send", "send-result", SendAsync);
        commands.Add("halfclose", "halfclose-result", HalfCloseAsync);
        commands.Add("reset", "done", ResetAsync);
    }

    private async Task<Action<Utf8JsonWriter>> EchoAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        int length = (int)request.Number("size", 0, LengthMax, otherwise: 32);
        int roundCount = (int)request.Number("n", 0, RoundCountMax, otherwise: 1);
        Task<double[]>[] streams = new Task<double[]>[request.Number("streams", 1, StreamCountMax, otherwise: 1)];
        long start = time.GetTimestamp();
        for (int i = 0; i < streams.Length; i++)
            streams[i] = OnStreamAsync(request, stream => EchoProtocol.RunAsync(stream, length, roundCount, time, cancellationToken), cancellationToken);

        double[][] perStream = await Task.WhenAll(streams).ConfigureAwait(false);
        double elapsed = time.GetElapsedTime(start).TotalMilliseconds;
        double[] rounds = new double[streams.Length * roundCount];
        for (int i = 0; i < perStream.Length; i++)
            perStream[i].CopyTo(rounds, i * roundCount);
        Array.Sort(rounds);
        return json =>
        {
            json.WriteNumber("size", length);
            json.WriteNumber("n", roundCount);
            json.WriteNumber("streams", streams.Length);
            json.WriteNumber("ms", elapsed);
            json.WriteNumber("p50", At(rounds, 0.5));
            json.WriteNumber("p99", At(rounds, 0.99));
            json.WriteNumber("max", At(rounds, 1));
        };
    }

    private async Task<Action<Utf8JsonWriter>> SendAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        long length = request.Number("bytes", 0, long.MaxValue);
        int chunkLength = (int)request.Number("chunk", 1, LengthMax, otherwise: 65_536);
        long start = 0;
        long counted = await OnStreamAsync(request, stream =>
        {
            start = time.GetTimestamp();
            return SinkProtocol.SendAsync(stream, length, chunkLength, cancellationToken);
        }, cancellationToken).ConfigureAwait(false);
        TimeSpan elapsed = time.GetElapsedTime(start);
        return json =>
        {
            json.WriteNumber("sent", length);
            json.WriteNumber("ms", elapsed.TotalMilliseconds);
            json.WriteNumber("MBps", ContractFields.MegabytesPerSecond(length, elapsed));
            json.WriteNumber("remote", counted);
        };
    }

    private async Task<Action<Utf8JsonWriter>> HalfCloseAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        int length = (int)request.Number("size", 1, LengthMax, otherwise: 100_000);
        string early = await OnStreamAsync(request, stream => HalfCloseProtocol.RunAsync(stream, length, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return json =>
        {
            json.WriteString("early", early);
            json.WriteNumber("sent", length);
        };
    }

    private async Task<Action<Utf8JsonWriter>> ResetAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[request.Number("size", 0, LengthMax, otherwise: 1_000)];
        bytes.AsSpan().Fill(5);
        return await OnStreamAsync(request, async stream =>
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await Task.Delay(PauseBeforeReset, time, cancellationToken).ConfigureAwait(false);   // the contract's: the bytes reach the handler
            stream.Reset();
            return ContractFields.None;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the stream that the command names and runs on it; whatever fails resets it.</summary>
    private async Task<T> OnStreamAsync<T>(CommandRequest request, Func<MuxedStream, Task<T>> run, CancellationToken cancellationToken)
    {
        MuxedStream stream = await target.OpenAsync(request.Text("addr"), request.Text("proto"), cancellationToken).ConfigureAwait(false);
        try
        {
            T result = await run(stream).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
            return result;
        }
        catch
        {
            stream.Reset();
            throw;
        }
    }

    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min((int)(sorted.Length * share), sorted.Length - 1)];
}
