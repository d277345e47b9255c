using System.Text;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Swarm;
using P2PDB.Network.Transports;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>What a remote may try: each costs it its connection at most, and the swarm goes on serving others.</summary>
public class HostileRemoteTests
{
    private static readonly YamuxFrame Open = new(YamuxType.WindowUpdate, YamuxFlags.Syn, 1, 0);

    public static TheoryData<string> FirstBytes => new(
        "",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "\x13/multistream/1.0.0",
        "\x13/multistream/1.0.0\n\x07/noise",
        "\x13/multistream/1.0.0\n\x07/noise\n\xFF\xFF" + new string('x', 65_535),
        "\x13/multistream/1.0.0\n\x07/noise\n\0\0",
        "\x13/multistream/1.0.0\n" + string.Concat(Enumerable.Repeat("\x07/nope!\n", 1_000)),
        new string('\xFF', 100_000));

    [Theory, MemberData(nameof(FirstBytes))]
    public async Task Bad_opening_is_dropped(string latin1)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1, new SwarmOptions { UpgradeTimeout = TimeSpan.FromMilliseconds(300) });
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        TcpChannel remote = await HostileRemote.DialRawAsync(address);

        await remote.SendAsync(Encoding.Latin1.GetBytes(latin1), CancellationToken.None);

        await HostileRemote.ReadToEndAsync(remote);
        Assert.Empty(swarm.Connections);
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    [Fact]
    public async Task Silent_remotes_do_not_keep_others_out()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1, new SwarmOptions { UpgradeTimeout = TimeSpan.FromMilliseconds(300) });
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        for (int i = 0; i < 2 * Limits.PendingUpgradeCountMax; i++)
            await HostileRemote.DialRawAsync(address);

        await HostileRemote.AssertServesAsync(swarm, address);
    }

    [Fact]
    public async Task Altered_message_ends_the_connection()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);

        await remote.Raw.SendAsync(new byte[] { 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 }, CancellationToken.None);

        await remote.ReadToEndAsync();
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    public static TheoryData<string> ForbiddenFrames => new(
        "01" + "00000000000001000000" + "00",                      // version 1
        "0009" + "00000000000100000000",                           // type 9
        "0000" + "ff00" + "0000000100000000",                      // unknown flags
        "0000" + "0001" + "0000000200000000",                      // opens a stream with an id of ours
        "0001" + "0001" + "0000000100000000" + "0001" + "0001" + "0000000100000000",     // opens one twice
        "0000" + "0001" + "0000000100040001",                      // one byte beyond the window
        "0000" + "0001" + "00000001ffffffff",                      // 4 GiB
        "0000" + "0000" + "00000009ffffffff",                      // 4 GiB for no stream
        "0001" + "0001" + "00000001ffffffff",                      // grants more than a window can hold
        "0000" + "0005" + "0000000100000000" + "0000" + "0000" + "0000000100000001" + "00",  // data after its end
        "0002" + "0001" + "0000000100000000");                     // ping for a stream

    [Theory, MemberData(nameof(ForbiddenFrames))]
    public async Task Forbidden_frame_ends_the_connection_with_a_go_away(string hex)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);

        await remote.SendAsync(Convert.FromHexString(hex));

        byte[] goAway = HostileRemote.Encode(new YamuxFrame(YamuxType.GoAway, YamuxFlags.None, 0, 1));
        byte[] answers = await remote.ReadToEndAsync();
        Assert.True(answers.AsSpan().IndexOf(goAway) >= 0);
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    [Fact]
    public async Task Frames_for_streams_that_are_gone_are_skipped()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);

        await remote.SendAsync([.. HostileRemote.Encode(
            new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.None, 77, 5),
            new YamuxFrame(YamuxType.Data, YamuxFlags.Rst, 79, 0),
            new YamuxFrame(YamuxType.Data, YamuxFlags.None, 77, 300_000)), .. new byte[300_000], .. HostileRemote.Encode(
            new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, 0xABCD))]);

        await remote.AwaitFrameAsync(new YamuxFrame(YamuxType.Ping, YamuxFlags.Ack, 0, 0xABCD));
        Assert.Single(swarm.Connections);
    }

    [Fact]
    public async Task Stream_flood_stops_at_the_limit()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);

        await remote.SendAsync([.. Enumerable.Range(0, 10_000).Select(i => Open with { StreamId = (uint)(2 * i) + 1 })]);

        await remote.AwaitFrameAsync(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, 19_999, 0));
        Assert.InRange(Assert.Single(swarm.Connections).StreamCount, 1, Limits.InboundStreamCountMax + 1);
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    [Fact]
    public async Task Remote_that_asks_and_does_not_read_is_cut_off()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);
        byte[] pings = HostileRemote.Encode([.. Enumerable.Repeat(new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, 1), 20_000)]);

        int sent = 0;
        while (await remote.SendAsync(pings) && sent < 500)
            sent++;

        Assert.InRange(sent, 1, 499);
        await TestSwarm.UntilAsync(() => swarm.Connections.Count == 0);
        await HostileRemote.AssertServesAsync(swarm, address);
    }

    [Fact]
    public async Task Overlong_identify_answer_is_not_kept()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        await using PeerSwarm liar = TestSwarm.Create(2);
        liar.Handle("/ipfs/id/1.0.0", async (stream, token) => await stream.WriteAsync(Enumerable.Repeat((byte)0x7F, 200_000).ToArray(), token));
        Multiaddress address = await TestSwarm.ListenAsync(liar);

        await swarm.DialAsync(address);

        Assert.NotNull(await swarm.PingAsync(liar.LocalPeer));
        Assert.Null(swarm.FindIdentity(liar.LocalPeer));
    }
}
