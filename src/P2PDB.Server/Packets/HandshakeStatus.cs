namespace P2PDB.Server.Packets;

/// <summary>What a client's handshake response or change of user amounts to.</summary>
internal enum HandshakeStatus : byte
{
    /// <summary>It can be used.</summary>
    Valid,

    /// <summary>Its fields do not fit together.</summary>
    Malformed,

    /// <summary>A client of before MySQL 4.1, or one that cannot authenticate securely.</summary>
    TooOld,

    /// <summary>It asks for TLS before it says who it is.</summary>
    TlsRequest,
}
