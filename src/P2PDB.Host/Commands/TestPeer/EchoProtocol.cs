using System.Buffers;
using System.Security.Cryptography;
using P2PDB.Network.Muxers;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The echo protocol of the contract, both ends: every byte comes back in order, and the end after the last.</summary>
internal static class EchoProtocol
{
    // A peer serves a thousand such streams at once.
    private const int BufferLength = 16 * 1_024;

    /// <summary>Returns all bytes until the initiator's end of stream; the swarm closes the stream then.</summary>
    public static async Task ServeAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int received;
            while ((received = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                await stream.WriteAsync(buffer.AsMemory(0, received), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Runs rounds of random bytes there and back, then wants the end of the stream and nothing before it.</summary>
    /// <returns>The time of each round, in milliseconds.</returns>
    /// <exception cref="CommandFailedException">What came back is not what was sent.</exception>
    public static async Task<double[]> RunAsync(
        MuxedStream stream, int length, int roundCount, TimeProvider time, CancellationToken cancellationToken)
    {
        double[] rounds = new double[roundCount];
        byte[] sent = new byte[length];
        byte[] buffer = new byte[Math.Clamp(length, 1, 64 * 1_024)];
        for (int i = 0; i < roundCount; i++)
        {
            long start = time.GetTimestamp();
            RandomNumberGenerator.Fill(sent);
            // Both at once: the windows of the two directions are smaller than what a round may have.
            Task writing = stream.WriteAsync(sent, cancellationToken).AsTask();
            await CompareAsync(stream, sent, buffer, cancellationToken).ConfigureAwait(false);
            await writing.ConfigureAwait(false);
            rounds[i] = time.GetElapsedTime(start).TotalMilliseconds;
        }

        await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
        int rest = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return rest == 0 ? rounds : throw new CommandFailedException("EchoTooLong", $"{rest} bytes after the echo was complete");
    }

    private static async Task CompareAsync(MuxedStream stream, byte[] sent, byte[] buffer, CancellationToken cancellationToken)
    {
        int compared = 0;
        while (compared < sent.Length)
        {
            int wanted = Math.Min(buffer.Length, sent.Length - compared);
            int received = await stream.ReadAsync(buffer.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
            if (received == 0)
                throw new CommandFailedException("EchoTooShort", $"end of stream after {compared} of {sent.Length} bytes");
            if (!buffer.AsSpan(0, received).SequenceEqual(sent.AsSpan(compared, received)))
                throw new CommandFailedException("EchoDiffers", $"the echo differs in the {received} bytes at {compared}");

            compared += received;
        }
    }
}
