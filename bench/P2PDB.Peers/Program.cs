using System.Text.Json;
using P2PDB.Peers;

// P2PDB's side of the two-process comparison of peers: driver.mjs starts this program as the writer and as the joiner, and sends commands as lines of JSON.
// The contract is in compare/peers/README.md; docs/benchmarks.md says how it is run and what came of it.
//
//   P2PDB.Peers --role writer|joiner --dir PATH --value-bytes N
BenchPeerOptions? options = BenchPeerOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(BenchPeerOptions.Usage);
    return 2;
}

BenchPeer peer = await BenchPeer.StartAsync(options).ConfigureAwait(false);
await using (peer.ConfigureAwait(false))
{
    Emit(new { ev = "ready" });
    while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } line)
    {
        using JsonDocument command = JsonDocument.Parse(line);
        try
        {
            if (!Run(command.RootElement))
                break;
        }
#pragma warning disable CA1031 // Whatever failed, the driver is told so and fails the run.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Emit(new { ev = "error", msg = failure.ToString() });
        }
    }
}

return 0;

bool Run(JsonElement command)
{
    switch (command.GetProperty("op").GetString())
    {
        case "append":
            Emit(new { ev = "appended", ms = peer.Append(Count(command, "count"), Count(command, "batch")).TotalMilliseconds });
            return true;
        case "serve":
            Emit(new { ev = "serving", address = peer.Invite() });
            return true;
        case "join":
            TimeSpan time = peer.Join(command.GetProperty("address").GetString()!, Count(command, "count"), out long entries);
            Emit(new { ev = "joined", ms = time.TotalMilliseconds, entries, socketBytes = peer.TrafficLength });
            return true;
        case "expect":
            Emit(new { ev = "expecting" });
            Emit(new { ev = "lived", latencies = peer.Expect(Count(command, "count")) });
            return true;
        case "live":
            peer.Live(Count(command, "count"), TimeSpan.FromMilliseconds(Count(command, "gapMs")));
            Emit(new { ev = "done" });
            return true;
        case "exit":
            return false;
        default:
            throw new ArgumentException($"unknown command: {command}");
    }
}

static int Count(JsonElement command, string name) => command.GetProperty(name).GetInt32();

static void Emit<T>(T message) => Console.Out.WriteLine(JsonSerializer.Serialize(message));
