using System.Text.Json;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Publishes messages one after the other; the gossip's waiting is the backpressure.</summary>
internal sealed class Publisher(Gossipsub gossip, TimeProvider time)
{
    /// <summary>Publishes so many messages with a pause after each; what writes the fields of <c>published</c>.</summary>
    public async Task<Action<Utf8JsonWriter>> PublishAsync(
        string topic, Func<int, byte[]> content, int count, TimeSpan pause, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int recipientCount = 0;
        for (int i = 0; i < count; i++)
        {
            recipientCount = await gossip.PublishAsync(topic, content(i), cancellationToken).ConfigureAwait(false);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }

        double milliseconds = time.GetElapsedTime(start).TotalMilliseconds;
        return json =>
        {
            json.WriteString("topic", topic);
            json.WriteNumber("n", count);
            json.WriteNumber("recipients", recipientCount);
            json.WriteNumber("ms", milliseconds);
        };
    }
}
