using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A peer entered or left the mesh of a topic by a GRAFT or PRUNE.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Topic">The topic.</param>
/// <param name="IsGraft">True for GRAFT, false for PRUNE.</param>
/// <param name="IsInbound">True if the peer asked, false if this node did.</param>
public readonly record struct MeshChange(PeerId Peer, string Topic, bool IsGraft, bool IsInbound);
