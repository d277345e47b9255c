using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Network.Protocols.Identify;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The peers that a PRUNE names, so that the pruned one finds others.</summary>
internal static class PeerExchange
{
    /// <summary>Peers of a topic to name to another one.</summary>
    public static List<ExchangedPeer> Choose(GossipState state, TopicState topic, GossipPeer to)
    {
        var candidates = new List<GossipPeer>();
        foreach (GossipPeer peer in topic.Subscribers)
        {
            if (peer != to && state.ScoreOf(peer) >= 0)
                candidates.Add(peer);
        }

        state.Shuffle(candidates);
        var named = new List<ExchangedPeer>();
        for (int i = 0; i < candidates.Count && i < state.Mesh.PrunePeers; i++)
        {
            ReadOnlyMemory<byte> record = state.SignedRecordOf?.Invoke(candidates[i].Id) ?? default;
            named.Add(new ExchangedPeer(candidates[i].Id, record.Length <= Limits.GossipExchangedRecordLengthMax ? record : default));
        }

        return named;
    }

    /// <summary>The peers of a PRUNE that come with a signed record of their own; a name alone gives nobody to connect to.</summary>
    public static List<ExchangedPeer> Read(ReadOnlySpan<byte> prune, int countMax)
    {
        var named = new List<ExchangedPeer>();
        var reader = new ProtobufReader(prune);
        for (int looked = 0; looked < countMax && reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes);)
        {
            if (!field.IsBytes(2))
                continue;

            looked++;
            ReadOnlySpan<byte> id = default;
            ReadOnlySpan<byte> envelope = default;
            var entry = new ProtobufReader(bytes);
            while (entry.TryReadField(out ProtobufField part, out _, out ReadOnlySpan<byte> value))
            {
                if (part.IsBytes(1))
                    id = value;
                else if (part.IsBytes(2))
                    envelope = value;
            }

            if (PeerId.TryDecode(id, out PeerId? peer) && SignedPeerRecord.TryOpen(envelope, out SignedPeerRecord? record)
                && record!.Peer == peer)
            {
                named.Add(new ExchangedPeer(peer, envelope.ToArray()));
            }
        }

        return named;
    }
}
