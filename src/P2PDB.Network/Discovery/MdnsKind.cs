namespace P2PDB.Network.Discovery;

/// <summary>What an mDNS message is to a libp2p peer.</summary>
internal enum MdnsKind : byte
{
    /// <summary>Nothing: about other services, or malformed.</summary>
    Other,

    /// <summary>A question for peers.</summary>
    Query,

    /// <summary>An answer with addresses of peers.</summary>
    Response,
}
