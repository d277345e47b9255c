using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The events <c>msg</c>, <c>subs</c>, <c>graft</c> and <c>prune</c>.</summary>
internal sealed class GossipEvents(EventWriter events, ReceivedMessages received, bool isQuiet)
{
    /// <summary>Longest message whose text is reported, bytes; set by the contract.</summary>
    private const int TextLengthMax = 256;

    /// <summary>Reports what happens in the gossip from now on.</summary>
    public void Observe(Gossipsub gossip)
    {
        gossip.MessageReceived += TakeMessage;
        gossip.SubscriptionsChanged += WriteSubscriptions;
        gossip.MeshChanged += WriteMeshChange;
    }

    private void TakeMessage(GossipMessage message)
    {
        received.Add(message);
        if (!isQuiet)
            events.Write("msg", json => WriteMessage(json, message));
    }

    private static void WriteMessage(Utf8JsonWriter json, in GossipMessage message)
    {
        json.WriteString("topic", message.Topic);
        json.WriteString("type", message.IsSigned ? "signed" : "unsigned");
        if (message.From is { } author)
            json.WriteString("from", author.ToString());
        if (message.SequenceNumber is { } number)
            json.WriteString("seqno", number.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("len", message.Data.Length);
        json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(message.Data.Span)));
        if (message.Data.Length <= TextLengthMax)
            json.WriteString("text", Encoding.UTF8.GetString(message.Data.Span));
    }

    private void WriteSubscriptions(PeerId peer, IReadOnlyList<SubscriptionChange> changes) => events.Write("subs", json =>
    {
        json.WriteString("peer", peer.ToString());
        json.WriteStartArray("subs");
        foreach (SubscriptionChange change in changes)
        {
            json.WriteStartObject();
            json.WriteString("topic", change.Topic);
            json.WriteBoolean("subscribe", change.IsSubscribed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private void WriteMeshChange(MeshChange change) => events.Write(change.IsGraft ? "graft" : "prune", json =>
    {
        json.WriteString("peer", change.Peer.ToString());
        json.WriteString("topic", change.Topic);
        json.WriteString("dir", change.IsInbound ? "inbound" : "outbound");
    });
}
