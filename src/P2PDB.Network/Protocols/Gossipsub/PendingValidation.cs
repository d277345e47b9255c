namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A message whose validator has not answered.</summary>
/// <param name="Frame">The message, held.</param>
/// <param name="Source">Who sent it.</param>
internal readonly record struct PendingValidation(MessageFrame Frame, GossipPeer Source);
