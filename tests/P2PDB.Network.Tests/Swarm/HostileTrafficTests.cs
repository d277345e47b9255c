using System.Text;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Security;
using P2PDB.Network.Swarm;
using P2PDB.Network.Transports;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Remotes that are who they say and misuse their connection, while an honest peer goes on with its own.</summary>
public class HostileTrafficTests
{
    private const string Unread = "/test/unread/1";

    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string> BrokenOff => new(
        "00",                                        // a header that ends after a byte
        "000000010000000100000005",                  // data that never comes
        "00000001000000010000000548656c",            // and that ends half way
        "000100010000000100000000" + "0001");        // after a whole frame

    [Theory, MemberData(nameof(BrokenOff))]
    public async Task Frame_that_ends_with_the_connection_is_dropped_with_it(string hex)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);
        await TestSwarm.UntilAsync(() => swarm.Connections.Count == 2);

        await remote.SendAsync(Convert.FromHexString(hex));
        remote.Raw.Abort();

        await TestSwarm.UntilAsync(() => swarm.Connections.Count == 1);
        await honest.AssertGoesOnAsync();
    }

    [Theory]
    [InlineData("again")]
    [InlineData("swapped")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("overlong")]
    public async Task Encrypted_messages_count_only_once_and_in_order(string fault)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        TcpChannel socket = await HostileRemote.DialRawAsync(address);
        var recorded = new RecordingChannel(socket);
        UpgradeOutcome upgrade = await ConnectionUpgrade.RunAsync(recorded, TestSwarm.Key(66), true, null, true, Never);
        NoiseChannel channel = upgrade.Channel!;
        byte[] ping = HostileRemote.Encode(new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, 1));
        await channel.SendAsync(ping, Never);
        byte[] sent = recorded.Sent[^1];
        recorded.IsHolding = true;
        await channel.SendAsync(ping, Never);
        byte[] next = recorded.Sent[^1];
        await channel.SendAsync(ping, Never);
        byte[] afterNext = recorded.Sent[^1];

        await socket.SendAsync(fault switch
        {
            "again" => sent,
            "swapped" => afterNext,
            "cut" => [0, (byte)(next[1] - 1), .. next[2..^1]],
            "empty" => [0, 0],
            _ => [0xFF, 0xFF, .. new byte[65_535]],
        }, Never);

        await HostileRemote.ReadToEndAsync(socket);
        await TestSwarm.UntilAsync(() => swarm.Connections.Count == 1);
        await honest.AssertGoesOnAsync();
    }

    [Fact]
    public async Task Length_that_overflows_ends_its_stream_alone()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);
        byte[] overflow = [.. Enumerable.Repeat((byte)0xFF, 10), 1];
        byte[] pushed = [.. Encoding.Latin1.GetBytes("\x13/multistream/1.0.0\n\x13/ipfs/id/push/1.0.0\n"), .. overflow];
        pushed[20] = (byte)(pushed.Length - 21 - overflow.Length);

        // As the length of a protocol's name on one stream, as that of a pushed identity on another.
        await remote.SendAsync([
            .. HostileRemote.Encode(new YamuxFrame(YamuxType.Data, YamuxFlags.Syn, 1, (uint)overflow.Length)), .. overflow,
            .. HostileRemote.Encode(new YamuxFrame(YamuxType.Data, YamuxFlags.Syn, 3, (uint)pushed.Length)), .. pushed,
            .. HostileRemote.Encode(new YamuxFrame(YamuxType.Ping, YamuxFlags.Syn, 0, 0xABCD))]);

        await remote.AwaitFrameAsync(new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, 1, 0));
        Assert.Equal(2, swarm.Connections.Count);
        await honest.AssertGoesOnAsync();
    }

    [Fact]
    public async Task Bytes_that_nobody_reads_stay_within_the_bound()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        swarm.Handle(Unread, static (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);
        Task draining = remote.ReadToEndAsync();
        byte[] opening = Encoding.Latin1.GetBytes("\x13/multistream/1.0.0\n\x0F/test/unread/1\n");
        byte[] filling = new byte[Limits.StreamWindowInitial - opening.Length];
        long before = GC.GetTotalMemory(forceFullCollection: true);

        // Four times what a connection may hold, in streams that each stay within their window.
        int streamCount = 4 * Limits.ConnectionReceivedLengthMax / Limits.StreamWindowInitial;
        for (int i = 0; i < streamCount; i++)
        {
            uint id = (uint)(2 * i) + 1;
            Assert.True(await remote.SendAsync([
                .. HostileRemote.Encode(new YamuxFrame(YamuxType.Data, YamuxFlags.Syn, id, (uint)opening.Length)), .. opening,
                .. HostileRemote.Encode(new YamuxFrame(YamuxType.Data, YamuxFlags.None, id, (uint)filling.Length)), .. filling]));
            Assert.InRange(swarm.UnreadLength, 0, Limits.ConnectionReceivedLengthMax + (2 * Limits.StreamWindowInitial));
        }

        await TestSwarm.UntilAsync(() => swarm.UnreadLength >= Limits.ConnectionReceivedLengthMax - Limits.StreamWindowInitial);
        await honest.AssertGoesOnAsync();
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(held, 0, 2L * Limits.ConnectionReceivedLengthMax);   // a ring holds up to twice its bytes
        remote.Raw.Abort();
        await draining;
        await TestSwarm.UntilAsync(() => swarm.UnreadLength < Limits.StreamWindowInitial);   // all was given back
    }

    [Fact]
    public async Task Streams_opened_and_reset_without_end_leave_nothing()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        using HostileRemote remote = await HostileRemote.ConnectAsync(address);
        Task<byte[]> draining = remote.ReadToEndAsync();

        for (uint i = 0; i < 50_000; i++)
        {
            uint id = (2 * i) + 1;
            if (!await remote.SendAsync(
                new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Syn, id, 0), new YamuxFrame(YamuxType.WindowUpdate, YamuxFlags.Rst, id, 0)))
            {
                break;   // cut off is fine too
            }
        }

        await TestSwarm.UntilAsync(() => swarm.Connections.All(connection => connection.StreamCount <= 2));
        await honest.AssertGoesOnAsync();
        remote.Raw.Abort();
        await draining;
    }
}
