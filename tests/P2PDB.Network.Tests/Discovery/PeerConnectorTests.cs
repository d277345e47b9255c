using P2PDB.Network.Discovery;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;
using P2PDB.Network.Tests.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Discovery;

/// <summary>What is dialled of what was discovered. No packet leaves the process: discovery is what the test says.</summary>
public class PeerConnectorTests
{
    [Fact]
    public async Task Discovered_peer_is_connected()
    {
        await using PeerSwarm own = TestSwarm.Create(1);
        await using PeerSwarm other = TestSwarm.Create(2);
        Multiaddress address = await TestSwarm.ListenAsync(other);
        var connector = new PeerConnector(own, TimeProvider.System, new Random(1));

        // An address of an earlier start comes before the one that works.
        connector.Take(new DiscoveredPeer(other.LocalPeer, [Multiaddress.Parse("/ip4/127.0.0.1/tcp/1"), address.WithoutPeer()], IsNew: true));

        await TestSwarm.UntilAsync(() => own.IsConnected(other.LocalPeer));
    }

    [Fact]
    public async Task Somebody_at_anothers_address_is_refused_and_left_alone_for_a_while()
    {
        var time = new ManualTimeProvider();
        await using PeerSwarm own = TestSwarm.Create(1);
        await using PeerSwarm impostor = TestSwarm.Create(2);
        Multiaddress address = await TestSwarm.ListenAsync(impostor);
        PeerId claimed = PeerId.FromPublicKey(TestSwarm.Key(3).PublicKey);
        var connector = new PeerConnector(own, time, new Random(1));
        int failureCount = 0;
        connector.DialFailed += (peer, status) =>
        {
            Assert.Equal((claimed, DialStatus.PeerMismatch), (peer, status));
            Interlocked.Increment(ref failureCount);
        };
        var discovered = new DiscoveredPeer(claimed, [address.WithoutPeer()], IsNew: false);

        connector.Take(discovered);
        await PassDelayAsync(time);
        await TestSwarm.UntilAsync(() => Volatile.Read(ref failureCount) == 1);
        for (int i = 0; i < 10; i++)
            connector.Take(discovered);   // answers that come within the pause
        time.Advance(2 * Limits.DiscoveryBackoffFirst);
        Assert.Equal(0, time.TimerCount);
        connector.Take(discovered);
        await PassDelayAsync(time);
        await TestSwarm.UntilAsync(() => Volatile.Read(ref failureCount) == 2);
        connector.Take(discovered with { IsNew = true });   // it says that it moved, as anybody can

        Assert.Equal(0, time.TimerCount);
        Assert.Empty(own.Connections);
    }

    private static async Task PassDelayAsync(ManualTimeProvider time)
    {
        await TestSwarm.UntilAsync(() => time.TimerCount == 1);
        time.Advance(Limits.DiscoveryDialDelayMin + Limits.DiscoveryDialDelaySpread);
    }
}
