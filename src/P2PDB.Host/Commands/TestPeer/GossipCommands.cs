using System.Text.Json;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The commands <c>sub</c>, <c>unsub</c>, <c>pub</c> and <c>mesh</c>.</summary>
internal sealed class GossipCommands(Gossipsub gossip, Publisher publisher)
{
    public void AddTo(CommandTable commands)
    {
        commands.Add("sub", "done", SubscribeAsync);
        commands.Add("unsub", "done", UnsubscribeAsync);
        commands.Add("pub", "published", PublishAsync);
        commands.Add("mesh", "mesh", ListMeshAsync);
    }

    private async Task<Action<Utf8JsonWriter>> SubscribeAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        await gossip.SubscribeAsync(request.Text("topic"), cancellationToken).ConfigureAwait(false);
        return ContractFields.None;
    }

    private async Task<Action<Utf8JsonWriter>> UnsubscribeAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        await gossip.UnsubscribeAsync(request.Text("topic"), cancellationToken).ConfigureAwait(false);
        return ContractFields.None;
    }

    private Task<Action<Utf8JsonWriter>> PublishAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        int count = (int)request.Number("count", 0, int.MaxValue, otherwise: 1);
        var pause = TimeSpan.FromMilliseconds(request.Number("every", 0, int.MaxValue, otherwise: 0));
        Func<int, byte[]> content = PublishedContent.Read(request, count);
        return publisher.PublishAsync(request.Text("topic"), content, count, pause, cancellationToken);
    }

    private async Task<Action<Utf8JsonWriter>> ListMeshAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        string topic = request.Text("topic");
        IReadOnlyList<PeerId> mesh = await gossip.GetMeshPeersAsync(topic, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PeerId> subscribers = await gossip.GetSubscribersAsync(topic, cancellationToken).ConfigureAwait(false);
        return json =>
        {
            json.WriteString("topic", topic);
            ContractFields.WriteTexts(json, "mesh", mesh);
            ContractFields.WriteTexts(json, "subs", subscribers);
        };
    }
}
