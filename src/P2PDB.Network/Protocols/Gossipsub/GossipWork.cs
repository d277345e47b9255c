namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>One thing for the gossip's loop to do: a call, or RPCs that came.</summary>
/// <param name="Call">The call; null for RPCs.</param>
/// <param name="Received">The RPCs; null for a call.</param>
internal readonly record struct GossipWork(Action? Call, InboundStream? Received);
