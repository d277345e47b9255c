using P2PDB.Network.Discovery;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Tests.Swarm;

namespace P2PDB.Network.Tests.Discovery;

public class DiscoveredPeersTests
{
    private static readonly PeerId Local = PeerId.FromPublicKey(TestSwarm.Key(1).PublicKey);
    private static readonly PeerId PeerA = PeerId.FromPublicKey(TestSwarm.Key(2).PublicKey);
    private static readonly PeerId PeerB = PeerId.FromPublicKey(TestSwarm.Key(3).PublicKey);

    [Fact]
    public void Peers_are_told_apart_and_this_node_is_none()
    {
        var peers = new DiscoveredPeers(Local);

        List<DiscoveredPeer> discovered = peers.Take(
            [At("/ip4/10.0.0.2/tcp/2", PeerA), At("/ip4/10.0.0.1/tcp/1", Local), At("/ip4/10.0.0.3/tcp/3", PeerB), At("/ip4/10.0.0.2/tcp/1", PeerA)], withLoopback: false);

        Assert.Equal(2, discovered.Count);
        Assert.Equal(["/ip4/10.0.0.2/tcp/1", "/ip4/10.0.0.2/tcp/2"], discovered.Single(peer => peer.Peer == PeerA).Addresses.Select(a => a.ToString()));
        Assert.Equal(["/ip4/10.0.0.3/tcp/3"], discovered.Single(peer => peer.Peer == PeerB).Addresses.Select(a => a.ToString()));
    }

    [Fact]
    public void Only_other_addresses_are_news()
    {
        var peers = new DiscoveredPeers(Local);

        Assert.True(Assert.Single(peers.Take([At("/ip4/10.0.0.2/tcp/1", PeerA), At("/ip4/10.0.0.2/tcp/2", PeerA)], false)).IsNew);
        Assert.False(Assert.Single(peers.Take([At("/ip4/10.0.0.2/tcp/2", PeerA), At("/ip4/10.0.0.2/tcp/1", PeerA)], false)).IsNew);
        Assert.True(Assert.Single(peers.Take([At("/ip4/10.0.0.2/tcp/2", PeerA)], false)).IsNew);
    }

    [Theory]
    [InlineData("/dns4/intranet/tcp/1")]
    [InlineData("/ip4/10.0.0.2/udp/1/quic-v1")]
    [InlineData("/ip4/127.0.0.2/tcp/1")]
    [InlineData("/ip6/::1/tcp/1/ws")]
    [InlineData("/ip6/::ffff:127.0.0.2/tcp/1")]
    public void Addresses_that_are_not_dialled_are_left_out(string address) =>
        Assert.Empty(new DiscoveredPeers(Local).Take([At(address, PeerA)], withLoopback: false));

    [Theory]
    [InlineData("/ip4/0.0.0.0/tcp/1")]
    [InlineData("/ip6/::/tcp/1")]
    [InlineData("/ip6/::ffff:0.0.0.0/tcp/1/ws")]
    public void Addresses_of_nobody_are_left_out_everywhere(string address) =>
        Assert.Empty(new DiscoveredPeers(Local).Take([At(address, PeerA)], withLoopback: true));

    [Fact]
    public void Loopback_counts_where_this_node_has_nothing_else() =>
        Assert.Single(new DiscoveredPeers(Local).Take([At("/ip4/127.0.0.1/tcp/1", PeerA)], withLoopback: true));

    [Fact]
    public void A_peer_has_a_bounded_number_of_addresses()
    {
        Multiaddress[] many = [.. Enumerable.Range(1, 60).Select(i => At($"/ip4/10.0.0.{i}/tcp/1", PeerA))];

        Assert.Equal(Limits.AddressesPerPeerMax, Assert.Single(new DiscoveredPeers(Local).Take(many, withLoopback: false)).Addresses.Count);
    }

    [Fact]
    public void Loopback_is_announced_only_where_nothing_else_is()
    {
        Multiaddress loopback = At("/ip4/127.0.0.1/tcp/1", Local);
        Multiaddress loopback6 = At("/ip6/::1/tcp/1/ws", Local);
        Multiaddress network = At("/ip4/10.0.0.1/tcp/1", Local);

        Assert.Equal([network], MdnsDiscovery.SelectAnnounced([loopback, network, loopback6]));
        Assert.Equal([loopback, loopback6], MdnsDiscovery.SelectAnnounced([loopback, loopback6]));
    }

    private static Multiaddress At(string address, PeerId peer) => Multiaddress.Parse(address).WithPeer(peer);
}
