using System.Security.Cryptography;
using System.Text.Json;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Counts received gossip messages between two calls of the command <c>stats</c>.</summary>
internal sealed class ReceivedMessages(TimeProvider time)
{
    /// <summary>Messages told apart between two calls. Past it further ones are no longer counted as different: their identities add up.</summary>
    private const int DistinctCountMax = 1_000_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(PeerId? Author, ulong Number, Hash256 Content)> _distinct = [];
    private long _count;
    private long _length;
    private long _firstAt;
    private long _lastAt;

    /// <summary>Counts one message.</summary>
    public void Add(in GossipMessage message)
    {
        // A signed message is told apart by author and number, an unsigned one by its data.
        Hash256 content = message.SequenceNumber is null ? new Hash256(SHA256.HashData(message.Data.Span)) : default;
        lock (_gate)
        {
            _lastAt = time.GetTimestamp();
            if (_count++ == 0)
                _firstAt = _lastAt;
            _length += message.Data.Length;
            if (_distinct.Count < DistinctCountMax)
                _distinct.Add((message.From, message.SequenceNumber ?? 0, content));
        }
    }

    /// <summary>Takes the counts and starts over; what writes them.</summary>
    public Action<Utf8JsonWriter> Take()
    {
        lock (_gate)
        {
            (long count, long length, int distinct) = (_count, _length, _distinct.Count);
            double milliseconds = time.GetElapsedTime(_firstAt, _lastAt).TotalMilliseconds;
            _count = _length = _firstAt = _lastAt = 0;
            _distinct.Clear();
            return json =>
            {
                json.WriteNumber("got", count);
                json.WriteNumber("gotBytes", length);
                json.WriteNumber("distinct", distinct);
                json.WriteNumber("ms", milliseconds);
                json.WriteNumber("perSec", count > 1 && milliseconds > 0 ? (count - 1) / milliseconds * 1e3 : 0);
            };
        }
    }
}
