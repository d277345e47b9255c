using System.Security.Cryptography;
using P2PDB.Network.Muxers;

namespace P2PDB.Network.Protocols.Ping;

/// <summary>Ping 1.0.0: 32 bytes there and back, as often as the opener likes.</summary>
internal static class PingProtocol
{
    /// <summary>The protocol id.</summary>
    public const string Id = "/ipfs/ping/1.0.0";

    private const int PayloadLength = 32;

    /// <summary>Answers until the opener closes its side.</summary>
    public static async Task ServeAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        byte[] payload = new byte[PayloadLength];
        while (await FillAsync(stream, payload, cancellationToken).ConfigureAwait(false))
            await stream.WriteAsync(payload, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One round trip on an open stream; null where the answer was wrong.</summary>
    public static async Task<TimeSpan?> PingAsync(MuxedStream stream, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(PayloadLength);
        byte[] answer = new byte[PayloadLength];
        long start = time.GetTimestamp();
        await stream.WriteAsync(sent, cancellationToken).ConfigureAwait(false);
        bool isComplete = await FillAsync(stream, answer, cancellationToken).ConfigureAwait(false);
        return isComplete && sent.AsSpan().SequenceEqual(answer) ? time.GetElapsedTime(start) : null;
    }

    private static async ValueTask<bool> FillAsync(MuxedStream stream, Memory<byte> target, CancellationToken cancellationToken)
    {
        while (!target.IsEmpty)
        {
            int received = await stream.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return false;

            target = target[received..];
        }

        return true;
    }
}
