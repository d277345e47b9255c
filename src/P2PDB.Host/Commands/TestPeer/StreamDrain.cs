using System.Buffers;
using P2PDB.Network.Muxers;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Reads streams to their end.</summary>
internal static class StreamDrain
{
    // A peer serves a thousand such streams at once.
    private const int BufferLength = 16 * 1_024;

    /// <summary>Counts what comes until the end or a reset, and reports that as the event <c>sink</c>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="onFirst">Runs once, at the first byte; null for nothing.</param>
    /// <param name="events">Where the event goes.</param>
    /// <param name="time">The clock of its duration.</param>
    /// <param name="cancellationToken">Ends the reading without an event.</param>
    /// <returns>The bytes counted and how long that took; −1 bytes after a reset.</returns>
    public static async Task<(long Length, TimeSpan Elapsed)> RunAsync(
        MuxedStream stream, Func<MuxedStream, CancellationToken, Task>? onFirst, EventWriter events, TimeProvider time,
        CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        long start = time.GetTimestamp();
        long length = 0;
        bool isReset = false;
        try
        {
            int received;
            while ((received = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (length == 0 && onFirst is not null)
                    await onFirst(stream, cancellationToken).ConfigureAwait(false);
                length += received;
            }
        }
        catch (StreamResetException)
        {
            isReset = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        TimeSpan elapsed = time.GetElapsedTime(start);
        events.Write("sink", json =>
        {
            json.WriteString("peer", stream.RemotePeer.ToString());
            json.WriteString("proto", stream.Protocol);
            json.WriteNumber("bytes", length);
            json.WriteNumber("ms", elapsed.TotalMilliseconds);
            json.WriteNumber("MBps", ContractFields.MegabytesPerSecond(length, elapsed));
            json.WriteBoolean("reset", isReset);
        });
        return (isReset ? -1 : length, elapsed);
    }

    /// <summary>Reads to the end of the stream or of the buffer; the bytes read.</summary>
    public static async Task<int> FillAsync(MuxedStream stream, Memory<byte> target, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < target.Length)
        {
            int received = await stream.ReadAsync(target[filled..], cancellationToken).ConfigureAwait(false);
            if (received == 0)
                break;

            filled += received;
        }

        return filled;
    }
}
