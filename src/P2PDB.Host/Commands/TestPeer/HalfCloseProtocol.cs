using System.Text;
using P2PDB.Network.Muxers;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The halfclose protocol of the contract, both ends: each direction of a stream ends by itself.</summary>
internal sealed class HalfCloseProtocol(EventWriter events, TimeProvider time)
{
    private const int EarlyLengthMax = 1_024;

    /// <summary>At the first byte answers and closes the own side, then reads on to the end and reports.</summary>
    public Task ServeAsync(MuxedStream stream, CancellationToken cancellationToken) =>
        StreamDrain.RunAsync(stream, AnswerAsync, events, time, cancellationToken);

    /// <summary>Writes one byte, reads the answer to its end, and only then writes the rest.</summary>
    /// <returns>The answer.</returns>
    public static async Task<string> RunAsync(MuxedStream stream, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(9);
        await stream.WriteAsync(bytes.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);

        byte[] early = new byte[EarlyLengthMax];
        int earlyLength = await StreamDrain.FillAsync(stream, early, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(bytes.AsMemory(1), cancellationToken).ConfigureAwait(false);
        await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(early, 0, earlyLength);
    }

    private static async Task AnswerAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("early"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
    }
}
