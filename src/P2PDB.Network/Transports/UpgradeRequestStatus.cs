namespace P2PDB.Network.Transports;

/// <summary>What an HTTP request asks for.</summary>
internal enum UpgradeRequestStatus : byte
{
    /// <summary>A WebSocket of version 13.</summary>
    Upgrade,

    /// <summary>Something else, or it breaks HTTP or RFC 6455.</summary>
    Refused,

    /// <summary>A WebSocket of another version.</summary>
    OtherVersion,
}
