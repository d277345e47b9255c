namespace P2PDB.Network.Multiaddr;

/// <summary>What a multiaddr that this node can dial or listen at says.</summary>
/// <param name="Host">A literal IP address or a name.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="IsWebSocket">True where a WebSocket runs over the TCP connection.</param>
public readonly record struct TransportAddress(string Host, int Port, bool IsWebSocket);
