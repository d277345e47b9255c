using System.Text;
using System.Text.Json;
using P2PDB.Network.Muxers;

namespace P2PDB.Interop;

/// <summary>The echo and sink protocols of the test-peer contract, both ends.</summary>
internal static class StreamProtocols
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task ServeEchoAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        int received;
        while ((received = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            await stream.WriteAsync(buffer.AsMemory(0, received), cancellationToken);
    }

    public static async Task ServeSinkAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        long count = 0;
        int received;
        while ((received = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            count += received;
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"n\":{count},\"ms\":0}}"), cancellationToken);
    }

    /// <summary>Rounds of random bytes there and back, then the end of the stream.</summary>
    public static async Task<bool> EchoAsync(MuxedStream stream, int length, int rounds)
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] sent = new byte[length];
        byte[] returned = new byte[length + 1];
        for (int i = 0; i < rounds; i++)
        {
            new Random(i).NextBytes(sent);
            Task writing = stream.WriteAsync(sent, patience.Token).AsTask();
            if (await FillAsync(stream, returned.AsMemory(0, length), patience.Token) != length
                || !sent.AsSpan().SequenceEqual(returned.AsSpan(0, length)))
            {
                return false;
            }

            await writing;
        }

        await stream.CloseWriteAsync(patience.Token);
        return await stream.ReadAsync(returned, patience.Token) == 0;
    }

    /// <summary>Sends to a sink; what it counted.</summary>
    public static async Task<long> SendAsync(MuxedStream stream, long length)
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] chunk = new byte[64 * 1024];
        for (long left = length; left > 0; left -= chunk.Length)
            await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), patience.Token);
        await stream.CloseWriteAsync(patience.Token);

        byte[] answer = new byte[256];
        int answerLength = await FillAsync(stream, answer, patience.Token);
        using JsonDocument document = JsonDocument.Parse(answer.AsMemory(0, answerLength));
        return document.RootElement.GetProperty("n").GetInt64();
    }

    private static async Task<int> FillAsync(MuxedStream stream, Memory<byte> target, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < target.Length)
        {
            int received = await stream.ReadAsync(target[filled..], cancellationToken);
            if (received == 0)
                break;

            filled += received;
        }

        return filled;
    }
}
