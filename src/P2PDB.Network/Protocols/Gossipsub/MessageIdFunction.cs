namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Computes the id of a message: equal ids mean the same message. All nodes of a network need the same function.</summary>
/// <param name="message">The message.</param>
/// <param name="id">Where the id goes: <see cref="Limits.GossipMessageIdLengthMax"/> bytes.</param>
/// <returns>Length of the id, 1 or more; 0 for a message that has none, which is dropped.</returns>
public delegate int MessageIdFunction(in PubsubMessage message, Span<byte> id);
