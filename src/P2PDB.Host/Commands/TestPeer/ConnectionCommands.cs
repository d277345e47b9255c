using System.Text.Json;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The commands <c>dial</c>, <c>hangup</c>, <c>ping</c> and <c>peers</c>.</summary>
internal sealed class ConnectionCommands(Swarm swarm, PeerTarget target)
{
    private const int PingCountMax = 1_000_000;

    public void AddTo(CommandTable commands)
    {
        commands.Add("dial", "dialed", DialAsync);
        commands.Add("hangup", "done", HangUpAsync);
        commands.Add("ping", "pong", PingAsync);
        commands.Add("peers", "peers", (_, _) => Task.FromResult<Action<Utf8JsonWriter>>(WriteConnections));
    }

    private async Task<Action<Utf8JsonWriter>> DialAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        PeerId peer = await target.ConnectAsync(request.Text("addr"), cancellationToken).ConfigureAwait(false);
        return json => json.WriteString("peer", peer.ToString());
    }

    private async Task<Action<Utf8JsonWriter>> HangUpAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        await swarm.DisconnectAsync(PeerTarget.ParsePeer(request.Text("peer"))).WaitAsync(cancellationToken).ConfigureAwait(false);
        return ContractFields.None;
    }

    private async Task<Action<Utf8JsonWriter>> PingAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        string addressed = request.Text("addr");
        PeerId peer = await target.ConnectAsync(addressed, cancellationToken).ConfigureAwait(false);
        double[] roundTrips = new double[request.Number("n", 0, PingCountMax, otherwise: 1)];
        for (int i = 0; i < roundTrips.Length; i++)
        {
            TimeSpan roundTrip = await swarm.PingAsync(peer, cancellationToken).ConfigureAwait(false)
                ?? throw new CommandFailedException("NoPong", $"{addressed} did not answer a ping");
            roundTrips[i] = roundTrip.TotalMilliseconds;
        }

        return json =>
        {
            json.WriteStartArray("rttMs");
            foreach (double milliseconds in roundTrips)
                json.WriteNumberValue(milliseconds);
            json.WriteEndArray();
        };
    }

    private void WriteConnections(Utf8JsonWriter json)
    {
        json.WriteStartArray("conns");
        foreach (ConnectionSnapshot connection in swarm.Connections)
        {
            json.WriteStartObject();
            ContractFields.WriteEnds(json, connection);
            ContractFields.WriteTexts(json, "streams", connection.StreamProtocols);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
