using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Swarm;

/// <summary>Addresses at which peers were or said to be reachable; bounded, the oldest peer forgotten first.</summary>
internal sealed class AddressBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, List<Multiaddress>> _byPeer = [];
    private readonly Queue<PeerId> _order = new();

    /// <summary>Remembers an address that worked, before the others.</summary>
    public void AddFirst(PeerId peer, Multiaddress address) => Add(peer, address, first: true);

    /// <summary>Remembers an address the peer told us.</summary>
    public void AddLast(PeerId peer, Multiaddress address) => Add(peer, address, first: false);

    /// <summary>The addresses of a peer, the best first.</summary>
    public Multiaddress[] Find(PeerId peer)
    {
        lock (_gate)
            return _byPeer.TryGetValue(peer, out List<Multiaddress>? addresses) ? [.. addresses] : [];
    }

    private void Add(PeerId peer, Multiaddress address, bool first)
    {
        address = address.WithoutPeer();
        if (!address.TryGetTransport(out _))
            return;

        lock (_gate)
        {
            if (!_byPeer.TryGetValue(peer, out List<Multiaddress>? addresses))
            {
                if (_byPeer.Count >= Limits.KnownPeerCountMax)
                    _byPeer.Remove(_order.Dequeue());
                _byPeer.Add(peer, addresses = []);
                _order.Enqueue(peer);
            }

            if (!first && addresses.Contains(address))
                return;

            addresses.Remove(address);
            if (addresses.Count >= Limits.AddressesPerPeerMax)
            {
                if (!first)
                    return;

                addresses.RemoveAt(addresses.Count - 1);
            }

            addresses.Insert(first ? 0 : addresses.Count, address);
        }
    }
}
