namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A message that was seen.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="At">When that was decided; for a pending one, when it came.</param>
/// <param name="Copies">Peers that sent copies while it was pending; null without any.</param>
internal readonly record struct SeenState(SeenStatus Status, TimeSpan At, List<GossipPeer>? Copies);
