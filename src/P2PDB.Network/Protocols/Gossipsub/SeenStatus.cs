namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What became of a message that was seen.</summary>
internal enum SeenStatus : byte
{
    /// <summary>Its validator has not answered.</summary>
    Pending,

    /// <summary>It was accepted.</summary>
    Accepted,

    /// <summary>It was rejected: who sends it is to blame.</summary>
    Rejected,

    /// <summary>It was dropped without blame.</summary>
    Ignored,
}
