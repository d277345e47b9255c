using P2PDB.Network.Multiaddr;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

public class ReconnectTests
{
    [Fact]
    public void Pauses_double_from_half_a_second_to_10_minutes_and_are_jittered()
    {
        var backoff = new DialBackoff(new Random(3), Limits.BackoffFirst);

        double[] pauses = [.. Enumerable.Range(0, 13).Select(_ => backoff.Next().TotalSeconds)];

        for (int i = 0; i < pauses.Length; i++)
        {
            double middle = Math.Min(600, 0.5 * Math.Pow(2, i));
            Assert.InRange(pauses[i], 0.8 * middle, 1.2 * middle);
        }

        Assert.Equal(pauses, Repeat(3));
        Assert.NotEqual(pauses, Repeat(4));
        backoff.Forget();
        Assert.InRange(backoff.Next().TotalSeconds, 0.4, 0.6);
    }

    [Fact]
    public async Task Kept_peer_is_dialled_until_it_is_there_and_again_when_it_left()
    {
        var time = new FastTime(20);
        await using PeerSwarm keeper = TestSwarm.Create(1, time: time);
        PeerSwarm first = TestSwarm.Create(2);
        Multiaddress address = await TestSwarm.ListenAsync(first);
        await first.DisposeAsync();

        keeper.Keep(address);
        await using PeerSwarm second = TestSwarm.Create(2);
        await second.ListenAsync(address.WithoutPeer());
        await TestSwarm.UntilAsync(() => keeper.Connections.Count == 1);
        await keeper.DisconnectAsync(second.LocalPeer);
        await TestSwarm.UntilAsync(() => keeper.Connections.Count == 1);

        Assert.Equal(second.LocalPeer, keeper.Connections[0].Peer);
    }

    [Fact]
    public async Task Spare_connection_is_closed_once_idle()
    {
        // Clocks stand still until nothing is under way, so that the one step they take lets no answer be late.
        var time = new ManualTimeProvider();
        await using PeerSwarm listener = TestSwarm.Create(1, time: time);
        await using PeerSwarm dialer = TestSwarm.Create(2, time: time);
        Multiaddress anonymous = (await TestSwarm.ListenAsync(listener)).WithoutPeer();
        int gone = 0;
        dialer.PeerDisconnected += _ => Interlocked.Increment(ref gone);

        Assert.True((await dialer.DialAsync(anonymous)).IsConnected);
        Assert.True((await dialer.DialAsync(anonymous)).IsConnected);
        await TestSwarm.UntilAsync(() => IsIdle(dialer, 2) && IsIdle(listener, 2));
        // Each swarm waits for its next look, each end of a connection for its next ping.
        await TestSwarm.UntilAsync(() => time.TimerCount == 2 + 4);

        time.Advance(Limits.KeepAliveInterval);

        await TestSwarm.UntilAsync(() => dialer.Connections.Count == 1 && listener.Connections.Count == 1);
        Assert.NotNull(await dialer.PingAsync(listener.LocalPeer));
        Assert.Equal(0, gone);
    }

    /// <summary>True once all connections are identified and were pinged, and no stream is open.</summary>
    private static bool IsIdle(PeerSwarm swarm, int connectionCount) => swarm.Connections.Count == connectionCount
        && swarm.Connections.All(connection => connection.Agent.Length > 0 && connection.Latency > TimeSpan.Zero && connection.StreamCount == 0);

    private static double[] Repeat(int seed)
    {
        var backoff = new DialBackoff(new Random(seed), Limits.BackoffFirst);
        return [.. Enumerable.Range(0, 13).Select(_ => backoff.Next().TotalSeconds)];
    }
}
