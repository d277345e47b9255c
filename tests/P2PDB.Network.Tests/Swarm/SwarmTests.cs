using System.Buffers;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Two real swarms over TCP, Noise and yamux.</summary>
public class SwarmTests
{
    private const string Echo = "/test/echo/1";

    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Stream_carries_bytes_both_ways(bool earlyHere, bool earlyThere)
    {
        await using PeerSwarm listener = TestSwarm.Create(1, new SwarmOptions { EarlyMuxer = earlyThere });
        await using PeerSwarm dialer = TestSwarm.Create(2, new SwarmOptions { EarlyMuxer = earlyHere });
        listener.Handle(Echo, EchoAsync);
        Multiaddress address = await TestSwarm.ListenAsync(listener);

        DialOutcome dial = await dialer.DialAsync(address);
        Assert.Equal(listener.LocalPeer, dial.Peer);
        OpenOutcome open = await dialer.OpenStreamAsync(listener.LocalPeer, Echo);
        Assert.Equal(OpenStatus.Opened, open.Status);
        await open.Stream!.WriteAsync("hello"u8.ToArray(), Never);
        await open.Stream.CloseWriteAsync(Never);

        Assert.Equal("hello"u8.ToArray(), await ReadAllAsync(open.Stream));
        Assert.Equal(earlyHere && earlyThere, Assert.Single(dialer.Connections).IsEarlyMuxer);
        Assert.Equal(listener.LocalPeer, open.Stream.RemotePeer);
        Assert.Equal(Echo, open.Stream.Protocol);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024 - 1)]
    [InlineData(256 * 1024)]
    [InlineData(256 * 1024 + 1)]
    [InlineData(10_000_000)]
    public async Task Echo_returns_every_byte(int length)
    {
        await using var pair = await SwarmPair.ConnectAsync(Echo, EchoAsync);
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);
        await using MuxedStream stream = await pair.OpenAsync(Echo);

        Task writing = WriteThenCloseAsync(stream, sent);
        byte[] returned = await ReadAllAsync(stream);
        await writing;

        Assert.True(sent.AsSpan().SequenceEqual(returned));
    }

    [Fact]
    public async Task Many_streams_share_a_connection_and_leave_none_behind()
    {
        await using var pair = await SwarmPair.ConnectAsync(Echo, EchoAsync);
        byte[] sent = new byte[50_000];
        new Random(5).NextBytes(sent);

        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            await using MuxedStream stream = await pair.OpenAsync(Echo);
            Task writing = WriteThenCloseAsync(stream, sent);
            byte[] returned = await ReadAllAsync(stream);
            await writing;
            return returned;
        }));

        Assert.All(answers, answer => Assert.True(answer.AsSpan().SequenceEqual(sent)));
        await TestSwarm.UntilAsync(() => pair.Dialer.Connections.Concat(pair.Listener.Connections).All(c => c.StreamCount == 0));
    }

    [Fact]
    public async Task Each_direction_closes_by_itself()
    {
        var received = new TaskCompletionSource<byte[]>();
        await using var pair = await SwarmPair.ConnectAsync("/test/half/1", async (stream, token) =>
        {
            await stream.WriteAsync("early"u8.ToArray(), token);
            await stream.CloseWriteAsync(token);
            received.SetResult(await ReadAllAsync(stream));
        });
        await using MuxedStream stream = await pair.OpenAsync("/test/half/1");

        Assert.Equal("early"u8.ToArray(), await ReadAllAsync(stream));
        await stream.WriteAsync(new byte[100_000], Never);
        await stream.CloseWriteAsync(Never);

        Assert.Equal(100_000, (await received.Task.WaitAsync(TestSwarm.Patience)).Length);
    }

    [Fact]
    public async Task Reset_reaches_the_other_end_and_spares_the_connection()
    {
        var ended = new TaskCompletionSource<Exception>();
        await using var pair = await SwarmPair.ConnectAsync("/test/sink/1", async (stream, _) =>
            ended.SetResult(await Assert.ThrowsAsync<StreamResetException>(() => ReadAllAsync(stream))));
        await using MuxedStream stream = await pair.OpenAsync("/test/sink/1");
        await stream.WriteAsync(new byte[1000], Never);

        stream.Reset();

        await ended.Task.WaitAsync(TestSwarm.Patience);
        await Assert.ThrowsAsync<StreamResetException>(() => stream.WriteAsync(new byte[1], Never).AsTask());
        Assert.NotNull(await pair.Dialer.PingAsync(pair.Listener.LocalPeer));
    }

    [Fact]
    public async Task Unknown_protocol_is_a_status()
    {
        await using var pair = await SwarmPair.ConnectAsync(Echo, EchoAsync);

        OpenOutcome open = await pair.Dialer.OpenStreamAsync(pair.Listener.LocalPeer, "/test/nobody/1");

        Assert.Equal(OpenStatus.ProtocolNotServed, open.Status);
        Assert.NotNull(await pair.Dialer.PingAsync(pair.Listener.LocalPeer));
    }

    [Fact]
    public async Task Failing_handler_costs_only_its_stream()
    {
        await using var pair = await SwarmPair.ConnectAsync("/test/fails/1", async (stream, token) =>
        {
            await stream.ReadAsync(new byte[1], token);
            throw new InvalidOperationException("as asked");
        });
        await using MuxedStream stream = await pair.OpenAsync("/test/fails/1");

        // The handler fails as soon as it has the byte: the reset can be here before the write has returned.
        await Assert.ThrowsAsync<StreamResetException>(async () =>
        {
            await stream.WriteAsync(new byte[1], Never);
            await ReadAllAsync(stream);
        });
        Assert.NotNull(await pair.Listener.PingAsync(pair.Dialer.LocalPeer));
    }

    [Fact]
    public async Task Peer_id_in_the_address_must_be_the_remote_key()
    {
        await using PeerSwarm listener = TestSwarm.Create(1);
        await using PeerSwarm dialer = TestSwarm.Create(2);
        Multiaddress address = await TestSwarm.ListenAsync(listener);
        PeerId other = PeerId.FromPublicKey(TestSwarm.Key(9).PublicKey);

        DialOutcome dial = await dialer.DialAsync(address.WithPeer(other));

        Assert.Equal(DialStatus.PeerMismatch, dial.Status);
        Assert.Empty(dialer.Connections);
        await TestSwarm.UntilAsync(() => listener.Connections.Count == 0);
    }

    [Fact]
    public async Task Failed_dials_are_statuses()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        await using PeerSwarm gone = TestSwarm.Create(2);
        Multiaddress own = await TestSwarm.ListenAsync(swarm);
        Multiaddress stale = await TestSwarm.ListenAsync(gone);
        await gone.DisposeAsync();

        Assert.Equal(DialStatus.Unreachable, (await swarm.DialAsync(stale)).Status);
        Assert.Equal(DialStatus.Self, (await swarm.DialAsync(own)).Status);
        Assert.Equal(DialStatus.Self, (await swarm.DialAsync(own.WithoutPeer())).Status);
        Assert.Equal(DialStatus.AddressUnusable, (await swarm.DialAsync(gone.LocalPeer)).Status);
        Assert.Equal(DialStatus.AddressUnusable, (await swarm.DialAsync(Multiaddress.Parse("/ip4/1.2.3.4/udp/1/quic-v1"))).Status);
    }

    [Fact]
    public async Task Peers_identify_each_other_and_can_be_dialled_back()
    {
        await using var pair = await SwarmPair.ConnectAsync(Echo, EchoAsync);
        Multiaddress back = await TestSwarm.ListenAsync(pair.Dialer);   // pushed to the connected listener
        await TestSwarm.UntilAsync(() => pair.Dialer.FindIdentity(pair.Listener.LocalPeer) is not null);

        var identity = pair.Dialer.FindIdentity(pair.Listener.LocalPeer)!;

        Assert.Equal("p2pdb/0.1.0", identity.AgentVersion);
        Assert.Contains(Echo, identity.Protocols);
        Assert.Contains(pair.Address.WithoutPeer(), identity.ListenAddresses);
        Assert.False(identity.SignedPeerRecord.IsEmpty);
        await TestSwarm.UntilAsync(() =>
            pair.Listener.FindIdentity(pair.Dialer.LocalPeer)?.ListenAddresses.Contains(back.WithoutPeer()) == true);
        await pair.Listener.DisconnectAsync(pair.Dialer.LocalPeer);
        Assert.True((await pair.Listener.DialAsync(pair.Dialer.LocalPeer)).IsConnected);
    }

    [Fact]
    public async Task Simultaneous_dials_end_in_a_usable_pair()
    {
        await using PeerSwarm first = TestSwarm.Create(1);
        await using PeerSwarm second = TestSwarm.Create(2);
        first.Handle(Echo, EchoAsync);
        second.Handle(Echo, EchoAsync);
        Multiaddress toFirst = await TestSwarm.ListenAsync(first);
        Multiaddress toSecond = await TestSwarm.ListenAsync(second);

        DialOutcome[] dials = await Task.WhenAll(first.DialAsync(toSecond), second.DialAsync(toFirst), first.DialAsync(toSecond));

        Assert.All(dials, dial => Assert.True(dial.IsConnected));
        Assert.NotNull(await first.PingAsync(second.LocalPeer));
        Assert.NotNull(await second.PingAsync(first.LocalPeer));
        Assert.InRange(first.Connections.Count, 1, 2);
    }

    [Fact]
    public async Task Connect_and_disconnect_are_told_once()
    {
        await using PeerSwarm listener = TestSwarm.Create(1);
        PeerSwarm dialer = TestSwarm.Create(2);
        var events = new List<string>();
        var gone = new TaskCompletionSource();
        listener.PeerConnected += peer => events.Add($"+{peer}");
        listener.PeerDisconnected += peer =>
        {
            events.Add($"-{peer}");
            gone.SetResult();
        };
        Multiaddress address = await TestSwarm.ListenAsync(listener);

        await dialer.DialAsync(address);
        Assert.NotNull(await dialer.PingAsync(listener.LocalPeer));
        await dialer.DisposeAsync();
        await gone.Task.WaitAsync(TestSwarm.Patience);

        Assert.Equal([$"+{dialer.LocalPeer}", $"-{dialer.LocalPeer}"], events);
    }

    [Fact]
    public async Task Connection_limit_refuses_the_next_peer()
    {
        await using PeerSwarm listener = TestSwarm.Create(1, new SwarmOptions { ConnectionCountMax = 1 });
        await using PeerSwarm first = TestSwarm.Create(2);
        await using PeerSwarm second = TestSwarm.Create(3);
        Multiaddress address = await TestSwarm.ListenAsync(listener);
        await first.DialAsync(address);
        Assert.NotNull(await first.PingAsync(listener.LocalPeer));

        await second.DialAsync(address);

        await TestSwarm.UntilAsync(() => second.Connections.Count == 0);
        Assert.Equal(first.LocalPeer, Assert.Single(listener.Connections).Peer);
    }

    [Fact]
    public async Task Slow_reader_holds_its_writer_back_and_nobody_else()
    {
        using var release = new SemaphoreSlim(0);
        await using var pair = await SwarmPair.ConnectAsync("/test/slow/1", async (stream, token) =>
        {
            await release.WaitAsync(token);
            Assert.Equal(2_000_000, (await ReadAllAsync(stream)).Length);
            await stream.WriteAsync("done"u8.ToArray(), token);
        });
        await using MuxedStream stream = await pair.OpenAsync("/test/slow/1");

        Task writing = WriteThenCloseAsync(stream, new byte[2_000_000]);
        for (int i = 0; i < 20; i++)
            Assert.NotNull(await pair.Dialer.PingAsync(pair.Listener.LocalPeer));
        Assert.False(writing.IsCompleted);
        Assert.InRange(Assert.Single(pair.Listener.Connections).ReceivedLength, 0, 2 * Limits.StreamWindowInitial);

        release.Release();
        await writing;
        Assert.Equal("done"u8.ToArray(), await ReadAllAsync(stream));
    }

    [Fact]
    public async Task Cancelled_read_leaves_the_stream_usable()
    {
        await using var pair = await SwarmPair.ConnectAsync(Echo, EchoAsync);
        await using MuxedStream stream = await pair.OpenAsync(Echo);
        using var cancel = new CancellationTokenSource();

        Task reading = Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync(new byte[10], cancel.Token).AsTask());
        await cancel.CancelAsync();
        await reading;
        await stream.WriteAsync("still"u8.ToArray(), Never);
        await stream.CloseWriteAsync(Never);

        Assert.Equal("still"u8.ToArray(), await ReadAllAsync(stream));
    }

    internal static async Task EchoAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        int received;
        while ((received = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            await stream.WriteAsync(buffer.AsMemory(0, received), cancellationToken);
    }

    internal static async Task<byte[]> ReadAllAsync(MuxedStream stream)
    {
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        var all = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[32 * 1024];
        int received;
        while ((received = await stream.ReadAsync(buffer, patience.Token)) > 0)
            all.Write(buffer.AsSpan(0, received));
        return all.WrittenSpan.ToArray();
    }

    private static async Task WriteThenCloseAsync(MuxedStream stream, byte[] bytes)
    {
        using var patience = new CancellationTokenSource(TestSwarm.Patience);
        await stream.WriteAsync(bytes, patience.Token);
        await stream.CloseWriteAsync(patience.Token);
    }
}
