using System.Diagnostics.CodeAnalysis;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Swarm;

/// <summary>Addresses at which peers were or said to be reachable; bounded, the oldest peer forgotten first.</summary>
internal sealed class AddressBook
{
    private const int ProvenCountMax = Limits.AddressesPerPeerMax / 2;   // a peer that moves often must still be found by what is said of it

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Known> _byPeer = [];
    private readonly Queue<PeerId> _order = new();

    /// <summary>Remembers an address that worked, before the others.</summary>
    public void AddFirst(PeerId peer, Multiaddress address)
    {
        lock (_gate)
        {
            if (!TryPrepare(peer, ref address, out Known? known))
                return;

            known.Remove(address);
            known.MakeRoom();
            known.Addresses.Insert(0, address);
            known.ProvenCount = Math.Min(known.ProvenCount + 1, ProvenCountMax);
        }
    }

    /// <summary>Remembers an address that somebody says the peer has: before others that did not work yet, in place of the last of them.</summary>
    public void AddUnproven(PeerId peer, Multiaddress address)
    {
        lock (_gate)
        {
            if (!TryPrepare(peer, ref address, out Known? known) || known.IsProven(address))
                return;

            known.Remove(address);
            known.MakeRoom();
            known.Addresses.Insert(known.ProvenCount, address);
        }
    }

    /// <summary>Remembers an address the peer told us, if there is room.</summary>
    public void AddLast(PeerId peer, Multiaddress address)
    {
        lock (_gate)
        {
            if (TryPrepare(peer, ref address, out Known? known) && known.Addresses.Count < Limits.AddressesPerPeerMax
                && !known.Addresses.Contains(address))
            {
                known.Addresses.Add(address);
            }
        }
    }

    /// <summary>The addresses of a peer, the best first.</summary>
    public Multiaddress[] Find(PeerId peer)
    {
        lock (_gate)
            return _byPeer.TryGetValue(peer, out Known? known) ? [.. known.Addresses] : [];
    }

    private bool TryPrepare(PeerId peer, ref Multiaddress address, [NotNullWhen(true)] out Known? known)
    {
        known = null;
        address = address.WithoutPeer();
        if (!address.TryGetTransport(out _))
            return false;

        if (!_byPeer.TryGetValue(peer, out known))
        {
            if (_byPeer.Count >= Limits.KnownPeerCountMax)
                _byPeer.Remove(_order.Dequeue());
            _byPeer.Add(peer, known = new Known());
            _order.Enqueue(peer);
        }

        return true;
    }

    // Those that worked come first.
    private sealed class Known
    {
        public List<Multiaddress> Addresses { get; } = [];

        public int ProvenCount { get; set; }

        public bool IsProven(Multiaddress address) => Addresses.IndexOf(address, 0, ProvenCount) >= 0;

        public void Remove(Multiaddress address)
        {
            if (IsProven(address))
                ProvenCount--;
            Addresses.Remove(address);
        }

        public void MakeRoom()
        {
            if (Addresses.Count >= Limits.AddressesPerPeerMax)
                Addresses.RemoveAt(Addresses.Count - 1);
        }
    }
}
