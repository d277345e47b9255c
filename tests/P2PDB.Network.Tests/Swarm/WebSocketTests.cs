using System.Text;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Swarm;
using P2PDB.Network.Transports;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Swarms over WebSockets, and what a remote may try before there is one.</summary>
public class WebSocketTests
{
    private const string Echo = "/test/echo/1";

    private const string Request =
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/0/ws")]
    [InlineData("/ip6/::1/tcp/0/ws")]
    public async Task Swarms_speak_over_a_websocket(string listen)
    {
        await using PeerSwarm listener = TestSwarm.Create(1);
        await using PeerSwarm dialer = TestSwarm.Create(2);
        listener.Handle(Echo, async (stream, token) =>
        {
            byte[] buffer = new byte[10_000];
            int received;
            while ((received = await stream.ReadAsync(buffer, token)) > 0)
                await stream.WriteAsync(buffer.AsMemory(0, received), token);
        });
        Multiaddress address = await listener.ListenAsync(Multiaddress.Parse(listen));
        Assert.EndsWith("/ws/p2p/" + listener.LocalPeer, address.ToString(), StringComparison.Ordinal);
        Assert.Contains(address, listener.ListenAddresses);

        Assert.Equal(DialStatus.Connected, (await dialer.DialAsync(address)).Status);
        OpenOutcome open = await dialer.OpenStreamAsync(listener.LocalPeer, Echo);
        byte[] sent = new byte[3_000_000];
        new Random(7).NextBytes(sent);
        Task writing = Task.Run(async () =>
        {
            await open.Stream!.WriteAsync(sent, CancellationToken.None);
            await open.Stream.CloseWriteAsync(CancellationToken.None);
        });
        byte[] returned = await HostileRemote.ReadToEndAsync(open.Stream!);
        await writing;

        Assert.True(sent.AsSpan().SequenceEqual(returned));
        ConnectionSnapshot connection = Assert.Single(dialer.Connections);
        Assert.Equal(address.WithoutPeer(), connection.RemoteAddress);
        Assert.InRange(connection.SentLength, sent.Length, 2L * sent.Length);
        await dialer.DisconnectAsync(listener.LocalPeer);
        await TestSwarm.UntilAsync(() => listener.Connections.Count == 0);
    }

    [Fact]
    public async Task Dialling_a_tcp_listener_for_a_websocket_fails()
    {
        await using PeerSwarm listener = TestSwarm.Create(1);
        await using PeerSwarm dialer = TestSwarm.Create(2);
        Multiaddress tcp = await TestSwarm.ListenAsync(listener);

        DialOutcome outcome = await dialer.DialAsync(Multiaddress.Parse(tcp.WithoutPeer() + "/ws"));

        Assert.Equal(DialStatus.NegotiationFailed, outcome.Status);
    }

    public static TheoryData<string, string> BadRequests => new()
    {
        { "\x13/multistream/1.0.0\n\x07/noise\n\r\n\r\n", "HTTP/1.1 400" },
        { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400" },
        { Request.Replace(": 13", ": 7", StringComparison.Ordinal), "HTTP/1.1 426" },
        { Request + "\x13/multistream/1.0.0\n", "HTTP/1.1 400" },
        { "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + new string('c', 100_000), "" },
        { new string('\0', 8_192), "" },
        { "GET / HTTP/1.1\r\nHost: x\r\n", "" },     // and nothing more
        { "", "" },
    };

    [Theory, MemberData(nameof(BadRequests))]
    public async Task Other_requests_end_the_connection(string latin1, string answer)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1, new SwarmOptions { UpgradeTimeout = TimeSpan.FromMilliseconds(300) });
        Multiaddress address = await swarm.ListenAsync(Multiaddress.Parse("/ip4/127.0.0.1/tcp/0/ws"));
        TcpChannel remote = await HostileRemote.DialRawAsync(address);

        await remote.SendAsync(Encoding.Latin1.GetBytes(latin1), CancellationToken.None);

        // A socket that is closed with bytes unread is reset, which may overtake the answer.
        string answered = Encoding.Latin1.GetString(await HostileRemote.ReadToEndAsync(remote));
        Assert.True(answered.Length == 0 || (answer.Length > 0 && answered.StartsWith(answer, StringComparison.Ordinal)), answered);
        Assert.Empty(swarm.Connections);
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    [Fact]
    public async Task Request_that_drips_in_is_cut_off_at_the_deadline()
    {
        var time = new FastTime(10);
        await using PeerSwarm swarm = TestSwarm.Create(1, time: time);
        Multiaddress address = await swarm.ListenAsync(Multiaddress.Parse("/ip4/127.0.0.1/tcp/0/ws"));
        TcpChannel remote = await HostileRemote.DialRawAsync(address);

        int sent = 0;
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        while (await remote.SendAsync("a"u8.ToArray(), patience.Token))
        {
            sent++;
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, patience.Token);
        }

        Assert.InRange(sent, 1, Limits.UpgradeHeadLengthMax - 1);   // it was the time, not the length
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    public static TheoryData<string> BadFrames => new(
        "8180000000004142",              // text
        "8800",                          // close
        "c280000000004142",              // a reserved bit
        "837d00000000",                  // an opcode that does not exist
        "89fe00ff00000000",              // a ping that is longer than one may be
        "82ffffffffffffffffff00000000",  // 2⁶⁴ − 1 bytes
        "0080000000004142");             // goes on with a message that never began

    [Theory, MemberData(nameof(BadFrames))]
    public async Task Bad_frames_end_the_connection(string hex)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await swarm.ListenAsync(Multiaddress.Parse("/ip4/127.0.0.1/tcp/0/ws"));
        TcpChannel remote = await HostileRemote.DialRawAsync(address);
        await remote.SendAsync(Encoding.ASCII.GetBytes(Request), CancellationToken.None);
        Assert.NotNull(await WebSocketTransport.ReceiveHeadAsync(remote, CancellationToken.None));

        await remote.SendAsync(Convert.FromHexString(hex), CancellationToken.None);

        await HostileRemote.ReadToEndAsync(remote);
        await HostileRemote.AssertServesAsync(swarm, address);
    }
}
