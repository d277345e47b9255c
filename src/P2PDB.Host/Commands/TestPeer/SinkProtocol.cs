using System.Buffers;
using System.Text;
using System.Text.Json;
using P2PDB.Network.Muxers;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The sink protocol of the contract, both ends: the responder counts to the end of stream and says how much it was.</summary>
internal sealed class SinkProtocol(EventWriter events, TimeProvider time)
{
    private const int AnswerLengthMax = 1_024;

    /// <summary>Counts, answers, and reports.</summary>
    public async Task ServeAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        (long length, TimeSpan elapsed) = await StreamDrain.RunAsync(stream, onFirst: null, events, time, cancellationToken).ConfigureAwait(false);
        if (length < 0)
            return;   // a reset stream takes no answer

        var answer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(answer))
        {
            json.WriteStartObject();
            json.WriteNumber("n", length);
            json.WriteNumber("ms", elapsed.TotalMilliseconds);
            json.WriteEndObject();
        }

        await stream.WriteAsync(answer.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends bytes to a sink and reads how many it counted.</summary>
    /// <exception cref="CommandFailedException">The answer is none of a sink.</exception>
    public static async Task<long> SendAsync(MuxedStream stream, long length, int chunkLength, CancellationToken cancellationToken)
    {
        byte[] chunk = new byte[chunkLength];
        chunk.AsSpan().Fill(7);
        for (long left = length; left > 0; left -= chunk.Length)
            await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), cancellationToken).ConfigureAwait(false);
        await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);

        byte[] answer = new byte[AnswerLengthMax];
        int answerLength = await StreamDrain.FillAsync(stream, answer, cancellationToken).ConfigureAwait(false);
        return ReadCount(answer.AsSpan(0, answerLength))
            ?? throw new CommandFailedException("BadAnswer", $"no count in '{Encoding.UTF8.GetString(answer.AsSpan(0, answerLength))}'");
    }

    private static long? ReadCount(ReadOnlySpan<byte> answer)
    {
        var json = new Utf8JsonReader(answer);
        try
        {
            if (!JsonDocument.TryParseValue(ref json, out JsonDocument? document))
                return null;

            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("n", out JsonElement count)
                    && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out long number)
                    ? number
                    : null;
            }
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
