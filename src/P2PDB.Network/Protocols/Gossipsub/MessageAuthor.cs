using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The author of a message.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Key">Its key, where <paramref name="HasKey"/>.</param>
/// <param name="HasKey">False for keys of kinds that this project does not verify.</param>
internal readonly record struct MessageAuthor(PeerId Peer, PublicKey Key, bool HasKey);
