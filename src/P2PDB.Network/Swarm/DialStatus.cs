namespace P2PDB.Network.Swarm;

/// <summary>How an attempt to connect ended.</summary>
public enum DialStatus : byte
{
    /// <summary>There is a connection: a new one, or one that was there.</summary>
    Connected,

    /// <summary>The address is none this node can dial (TCP and WebSocket only), or no address of the peer is known.</summary>
    AddressUnusable,

    /// <summary>Nobody accepted the TCP connection.</summary>
    Unreachable,

    /// <summary>The attempt took too long.</summary>
    TimedOut,

    /// <summary>The remote did not agree on encryption or on a muxer, or broke a protocol.</summary>
    NegotiationFailed,

    /// <summary>The remote's key is not the one that the address names.</summary>
    PeerMismatch,

    /// <summary>The address leads to this node itself.</summary>
    Self,

    /// <summary>A limit on connections was reached.</summary>
    TooManyConnections,

    /// <summary>The swarm is closed.</summary>
    Closed,
}
