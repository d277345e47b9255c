namespace P2PDB.Server.Packets;

/// <summary>What the bytes received so far amount to.</summary>
internal enum PacketStatus : byte
{
    /// <summary>A whole packet is there.</summary>
    Complete,

    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A frame has another sequence number than its turn.</summary>
    OutOfOrder,

    /// <summary>The frames announce more than the limit.</summary>
    TooLarge,
}
