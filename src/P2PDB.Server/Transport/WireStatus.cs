namespace P2PDB.Server.Transport;

/// <summary>How a receive ended.</summary>
internal enum WireStatus : byte
{
    /// <summary>Some bytes came.</summary>
    Received,

    /// <summary>None came for a while; the connection may be parked.</summary>
    Idle,

    /// <summary>The other side, or this one, has closed.</summary>
    Closed,
}
