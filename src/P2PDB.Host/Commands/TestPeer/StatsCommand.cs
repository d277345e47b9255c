using System.Text.Json;
using P2PDB.Network.Swarm;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The command <c>stats</c>: messages since the last call, and what the process holds now.</summary>
internal sealed class StatsCommand(Swarm swarm, ReceivedMessages received)
{
    public void AddTo(CommandTable commands) => commands.Add("stats", "stats", (_, _) => Task.FromResult(Take()));

    private Action<Utf8JsonWriter> Take()
    {
        Action<Utf8JsonWriter> messages = received.Take();
        IReadOnlyList<ConnectionSnapshot> connections = swarm.Connections;
        int streamCount = 0;
        foreach (ConnectionSnapshot connection in connections)
            streamCount += connection.StreamCount;
        return json =>
        {
            messages(json);
            json.WriteNumber("rssMB", Environment.WorkingSet / 1e6);
            json.WriteNumber("conns", connections.Count);
            json.WriteNumber("streams", streamCount);
        };
    }
}
