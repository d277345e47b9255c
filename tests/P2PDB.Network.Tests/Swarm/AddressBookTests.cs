using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;

namespace P2PDB.Network.Tests.Swarm;

public class AddressBookTests
{
    private static readonly PeerId Peer = PeerId.FromPublicKey(TestSwarm.Key(1).PublicKey);
    private readonly AddressBook _book = new();

    [Fact]
    public void Addresses_that_somebody_claims_do_not_push_out_those_that_worked()
    {
        _book.AddFirst(Peer, At(1));
        _book.AddFirst(Peer, At(2));

        for (int port = 100; port < 200; port++)
            _book.AddUnproven(Peer, At(port));
        _book.AddUnproven(Peer, At(1));

        Multiaddress[] known = _book.Find(Peer);
        Assert.Equal([At(2), At(1), At(199), At(198)], known[..4]);
        Assert.Equal(Limits.AddressesPerPeerMax, known.Length);
    }

    [Fact]
    public void New_address_of_a_peer_that_often_moved_is_kept()
    {
        for (int port = 1; port <= 2 * Limits.AddressesPerPeerMax; port++)
            _book.AddFirst(Peer, At(port));

        _book.AddUnproven(Peer, At(1_000));
        _book.AddUnproven(Peer, At(1_001));

        Assert.Contains(At(1_000), _book.Find(Peer));
        Assert.Contains(At(1_001), _book.Find(Peer));
    }

    [Fact]
    public void Claimed_address_that_works_becomes_the_first()
    {
        _book.AddUnproven(Peer, At(1));
        _book.AddUnproven(Peer, At(2));
        _book.AddLast(Peer, At(3));

        _book.AddFirst(Peer, At(1));
        _book.AddUnproven(Peer, At(4));
        _book.AddLast(Peer, At(4));

        Assert.Equal([At(1), At(4), At(2), At(3)], _book.Find(Peer));
    }

    private static Multiaddress At(int port) => Multiaddress.Parse($"/ip4/10.0.0.1/tcp/{port}");
}
