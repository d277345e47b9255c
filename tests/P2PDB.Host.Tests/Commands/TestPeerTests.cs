using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using P2PDB.Host.Commands.TestPeer;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Host.Tests.Commands;

/// <summary>Events, commands and ends of the test-peer contract. With js-libp2p at the other end: tests/smoke/interop.sh.</summary>
public class TestPeerTests
{
    [Fact]
    public async Task Peers_of_fixed_seeds_have_these_ids()
    {
        await using RunningTestPeer peer = await RunningTestPeer.StartAsync(new TestPeerSettings { Seed = TestPeerSettings.ParseSeed("1") });

        Assert.Equal("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp", peer.Peer);
        JsonElement listening = await peer.WaitAsync("listening");
        Assert.Equal(1, listening.GetProperty("contract").GetInt32());
        Assert.Equal(Environment.ProcessId, listening.GetProperty("pid").GetInt32());
        Assert.EndsWith("/p2p/" + peer.Peer, peer.Address, StringComparison.Ordinal);
        Assert.Contains("/ipfs/ping/1.0.0", listening.GetProperty("protocols").EnumerateArray().Select(protocol => protocol.GetString()));
    }

    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/0", true)]
    [InlineData("/ip4/127.0.0.1/tcp/0/ws", false)]
    public async Task Peers_connect_and_speak_every_stream_protocol(string listen, bool earlyMuxer)
    {
        await using RunningTestPeer server = await RunningTestPeer.StartAsync(new TestPeerSettings { Listen = [Multiaddress.Parse(listen)] });
        await using RunningTestPeer client = await RunningTestPeer.StartAsync(new TestPeerSettings { EarlyMuxer = earlyMuxer });
        string at = $"\"addr\":\"{server.Address}\"";

        Assert.Equal(server.Peer, (await client.AskAsync("dial", at, "dialed")).GetProperty("peer").GetString());
        foreach ((RunningTestPeer here, RunningTestPeer there, string direction) in new[] { (client, server, "outbound"), (server, client, "inbound") })
        {
            JsonElement connection = await here.WaitAsync("conn");
            Assert.Equal(
                (there.Peer, direction, "/noise", "/yamux/1.0.0", earlyMuxer),
                (Text(connection, "peer"), Text(connection, "dir"), Text(connection, "enc"), Text(connection, "mux"), connection.GetProperty("early").GetBoolean()));
            Assert.Equal(listen.EndsWith("/ws", StringComparison.Ordinal), Text(connection, "addr").EndsWith("/ws", StringComparison.Ordinal));
            Assert.Equal(there.Peer, Text(await here.WaitAsync("connect"), "peer"));
            JsonElement identity = await here.WaitAsync("identify");
            Assert.True(identity.GetProperty("signedRecord").GetBoolean());
            Assert.StartsWith("p2pdb/", Text(identity, "agent"), StringComparison.Ordinal);
        }

        Assert.Equal(3, (await client.AskAsync("ping", at + ",\"n\":3", "pong")).GetProperty("rttMs").GetArrayLength());
        JsonElement echo = await client.AskAsync("echo", $"{at},\"proto\":\"{RunningTestPeer.Echo}\",\"size\":300000,\"n\":2,\"streams\":20", "echo-result");
        Assert.Equal((300_000, 2, 20), (echo.GetProperty("size").GetInt32(), echo.GetProperty("n").GetInt32(), echo.GetProperty("streams").GetInt32()));
        Assert.InRange(echo.GetProperty("p50").GetDouble(), 0, echo.GetProperty("max").GetDouble());
        await client.AskAsync("echo", $"{at},\"proto\":\"{RunningTestPeer.Echo}\",\"size\":0", "echo-result");

        JsonElement sent = await client.AskAsync("send", $"{at},\"proto\":\"{RunningTestPeer.Sink}\",\"bytes\":1234567", "send-result");
        Assert.Equal(1_234_567, sent.GetProperty("remote").GetInt64());
        Assert.False((await SunkAsync(server, 1_234_567)).GetProperty("reset").GetBoolean());

        JsonElement half = await client.AskAsync("halfclose", $"{at},\"proto\":\"{RunningTestPeer.HalfClose}\",\"size\":400000", "halfclose-result");
        Assert.Equal("early", Text(half, "early"));
        Assert.False((await SunkAsync(server, 400_000)).GetProperty("reset").GetBoolean());

        await client.AskAsync("reset", $"{at},\"proto\":\"{RunningTestPeer.Sink}\",\"size\":999", "done");
        Assert.True((await SunkAsync(server, 999)).GetProperty("reset").GetBoolean());

        JsonElement peers = await client.AskAsync("peers", "", "peers");
        Assert.Equal(server.Peer, Text(Assert.Single(peers.GetProperty("conns").EnumerateArray()), "peer"));
        Assert.Equal(1, (await client.AskAsync("stats", "", "stats")).GetProperty("conns").GetInt32());
        await client.AskAsync("hangup", $"\"peer\":\"{server.Peer}\"", "done");
        Assert.Equal(client.Peer, Text(await server.WaitAsync("disconnect"), "peer"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gossip_travels_and_is_counted(bool signs)
    {
        await using RunningTestPeer publisher = await RunningTestPeer.StartAsync(new TestPeerSettings { Topics = ["t"], Signs = signs });
        await using RunningTestPeer subscriber = await RunningTestPeer.StartAsync(new TestPeerSettings { Signs = signs });
        await subscriber.AskAsync("sub", "\"topic\":\"t\"", "done");
        await publisher.AskAsync("dial", $"\"addr\":\"{subscriber.Address}\"", "dialed");
        JsonElement subscription = (await publisher.WaitAsync("subs")).GetProperty("subs")[0];
        Assert.Equal(("t", true), (Text(subscription, "topic"), subscription.GetProperty("subscribe").GetBoolean()));
        JsonElement mesh;
        do
            mesh = (await publisher.AskAsync("mesh", "\"topic\":\"t\"", "mesh")).GetProperty("mesh");
        while (mesh.GetArrayLength() == 0);
        Assert.Equal(subscriber.Peer, mesh[0].GetString());

        JsonElement published = await publisher.AskAsync("pub", "\"topic\":\"t\",\"text\":\"hello ✓\"", "published");
        Assert.Equal((1, 1), (published.GetProperty("n").GetInt32(), published.GetProperty("recipients").GetInt32()));
        JsonElement message = await subscriber.WaitAsync("msg");
        Assert.Equal(("t", signs ? "signed" : "unsigned", "hello ✓", 9), (Text(message, "topic"), Text(message, "type"), Text(message, "text"), message.GetProperty("len").GetInt32()));
        Assert.Equal(signs ? publisher.Peer : "", Text(message, "from"));
        Assert.Equal(signs, message.TryGetProperty("seqno", out _));

        await publisher.AskAsync("pub", "\"topic\":\"t\",\"size\":300,\"count\":50", "published");
        int distinct = 0;
        while (distinct < 51)
            distinct += (await subscriber.AskAsync("stats", "", "stats")).GetProperty("distinct").GetInt32();
        Assert.Equal(51, distinct);
        Assert.DoesNotContain(publisher.Events, e => Text(e, "ev") == "msg");   // own messages are not reported
        await subscriber.AskAsync("unsub", "\"topic\":\"t\"", "done");
        await publisher.WaitAsync(e => Text(e, "ev") == "subs" && !e.GetProperty("subs")[0].GetProperty("subscribe").GetBoolean());
    }

    [Fact]
    public async Task Failures_are_replies()
    {
        await using RunningTestPeer server = await RunningTestPeer.StartAsync();
        await using RunningTestPeer client = await RunningTestPeer.StartAsync();
        string at = $"\"addr\":\"{server.Address}\"";
        string impostor = server.Address.Replace(server.Peer, "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp", StringComparison.Ordinal);

        Assert.Equal("UnknownCommand", await FailureAsync(client, "find", "\"key\":\"k\""));
        Assert.Equal("BadField", await FailureAsync(client, "dial", ""));
        Assert.Equal("BadField", await FailureAsync(client, "dial", "\"addr\":5"));
        Assert.Equal("BadAddress", await FailureAsync(client, "dial", "\"addr\":\"/ip4/1\""));
        Assert.Equal("BadPeer", await FailureAsync(client, "dial", "\"addr\":\"nobody\""));
        Assert.Equal("PeerMismatch", await FailureAsync(client, "dial", $"\"addr\":\"{impostor}\""));
        Assert.Equal("Unreachable", await FailureAsync(client, "ping", "\"addr\":\"/ip4/127.0.0.1/tcp/1\""));
        Assert.Equal("ProtocolNotServed", await FailureAsync(client, "echo", at + ",\"proto\":\"/absent\""));
        Assert.Equal("BadField", await FailureAsync(client, "echo", at + $",\"proto\":\"{RunningTestPeer.Echo}\",\"size\":-1"));
        Assert.Equal("BadField", await FailureAsync(client, "pub", "\"topic\":\"t\""));
        await client.WriteAsync("not JSON\n[1]\n\n{\"cmd\":7,\"id\":\"text\"}\n");
        await client.WaitAsync(e => e.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String);
        Assert.Equal(2, client.Events.Count(e => Text(e, "name") == "BadLine"));

        // None of it cost the connection that is there, or the peer.
        Assert.Equal(1, (await client.AskAsync("ping", $"\"addr\":\"{server.Peer}\"", "pong")).GetProperty("rttMs").GetArrayLength());
    }

    [Fact]
    public async Task Dial_of_the_command_line_is_an_event_when_it_fails()
    {
        await using RunningTestPeer peer = await RunningTestPeer.StartAsync(new TestPeerSettings { Dial = [Multiaddress.Parse("/ip4/127.0.0.1/tcp/1")] });

        Assert.Equal("dial", Text(await peer.WaitAsync("error"), "what"));
    }

    [Fact]
    public async Task Exit_ends_with_a_reply()
    {
        await using RunningTestPeer peer = await RunningTestPeer.StartAsync();

        await peer.AskAsync("exit", "", "done");

        Assert.Equal(0, await peer.ExitAsync());
    }

    [Fact]
    public async Task End_of_input_and_signals_end_the_peer()
    {
        await using RunningTestPeer starved = await RunningTestPeer.StartAsync();
        await using RunningTestPeer signalled = await RunningTestPeer.StartAsync();

        await starved.EndInputAsync();
        await signalled.SignalAsync();

        int[] codes = await Task.WhenAll(starved.ExitAsync(), signalled.ExitAsync());
        Assert.All(codes, code => Assert.Equal(0, code));
    }

    [Fact]
    public async Task With_a_time_to_exit_the_end_of_input_does_not_end_the_peer()
    {
        await using RunningTestPeer peer = await RunningTestPeer.StartAsync(new TestPeerSettings { ExitAfter = TimeSpan.FromSeconds(1) });
        await using RunningTestPeer client = await RunningTestPeer.StartAsync();

        await peer.EndInputAsync();

        await client.AskAsync("ping", $"\"addr\":\"{peer.Address}\"", "pong");
        Assert.Equal(0, await peer.ExitAsync());
    }

    [Fact]
    public async Task Taken_port_is_its_own_exit_code()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        RunningTestPeer peer = RunningTestPeer.Launch(new TestPeerSettings { Listen = [Multiaddress.FromEndPoint((IPEndPoint)holder.LocalEndpoint)] });

        Assert.Equal(3, await peer.ExitAsync());
        Assert.Empty(peer.Events);
    }

    private static async Task<string> FailureAsync(RunningTestPeer peer, string command, string fields)
    {
        JsonElement reply = await peer.AskAsync(command, fields);
        Assert.Equal(("error", "command"), (Text(reply, "ev"), Text(reply, "what")));
        Assert.Equal(command, Text(reply, "cmd"));
        return Text(reply, "name");
    }

    private static Task<JsonElement> SunkAsync(RunningTestPeer peer, long length) =>
        peer.WaitAsync(e => Text(e, "ev") == "sink" && e.GetProperty("bytes").GetInt64() == length);

    private static string Text(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";
}
