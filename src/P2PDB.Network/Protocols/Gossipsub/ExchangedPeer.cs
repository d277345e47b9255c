using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A peer that a PRUNE names.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="SignedRecord">Its signed addresses in their envelope; empty if there are none.</param>
internal readonly record struct ExchangedPeer(PeerId Peer, ReadOnlyMemory<byte> SignedRecord);
