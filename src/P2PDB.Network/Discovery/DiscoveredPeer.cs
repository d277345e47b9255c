using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Discovery;

/// <summary>A peer that answered on the local network. Nothing of it is proven before a connection is.</summary>
/// <param name="Peer">Who it says it is.</param>
/// <param name="Addresses">Where it says it listens; in text order, without the peer.</param>
/// <param name="IsNew">True where it was not known with these addresses before.</param>
public sealed record DiscoveredPeer(PeerId Peer, IReadOnlyList<Multiaddress> Addresses, bool IsNew);
