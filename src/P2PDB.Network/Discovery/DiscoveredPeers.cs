using System.Net;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Discovery;

/// <summary>The peers that answered so far, by which a change is told from a repetition; bounded, the oldest forgotten first. One caller.</summary>
internal sealed class DiscoveredPeers(PeerId local)
{
    private readonly Dictionary<PeerId, string> _addressesByPeer = [];
    private readonly Queue<PeerId> _order = new();

    /// <summary>Takes the addresses of one response; the peers they are of, without this node.</summary>
    /// <param name="addresses">The addresses, each with its peer.</param>
    /// <param name="withLoopback">
    /// Whether addresses of this machine alone count. Where this node can be reached from outside they do not: somebody outside could have it talk
    /// to programs that only listen here.
    /// </param>
    public List<DiscoveredPeer> Take(IReadOnlyList<Multiaddress> addresses, bool withLoopback)
    {
        var byPeer = new SortedDictionary<PeerId, List<Multiaddress>>();
        foreach (Multiaddress address in addresses)
        {
            // Names would have this node ask a DNS server for whatever somebody on the network likes.
            if (address.Peer is not { } peer || peer == local || (address.IsLoopback && !withLoopback)
                || !address.TryGetTransport(out TransportAddress transport) || !IPAddress.TryParse(transport.Host, out IPAddress? ip)
                || IsUnspecified(ip))
            {
                continue;
            }

            if (!byPeer.TryGetValue(peer, out List<Multiaddress>? known))
                byPeer.Add(peer, known = []);
            Multiaddress bare = address.WithoutPeer();
            if (known.Count < Limits.AddressesPerPeerMax && !known.Contains(bare))
                known.Add(bare);
        }

        List<DiscoveredPeer> discovered = [];
        foreach ((PeerId peer, List<Multiaddress> known) in byPeer)
        {
            known.Sort(static (left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));
            discovered.Add(new DiscoveredPeer(peer, known, Remember(peer, string.Join(' ', known))));
        }

        return discovered;
    }

    // Nobody is reachable there, and systems take it for this machine.
    private static bool IsUnspecified(IPAddress ip) => ip.Equals(IPAddress.IPv6Any)
        || (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).Equals(IPAddress.Any);

    private bool Remember(PeerId peer, string addresses)
    {
        if (_addressesByPeer.TryGetValue(peer, out string? before))
        {
            _addressesByPeer[peer] = addresses;
            return before != addresses;
        }

        if (_addressesByPeer.Count >= Limits.KnownPeerCountMax)
            _addressesByPeer.Remove(_order.Dequeue());
        _addressesByPeer.Add(peer, addresses);
        _order.Enqueue(peer);
        return true;
    }
}
