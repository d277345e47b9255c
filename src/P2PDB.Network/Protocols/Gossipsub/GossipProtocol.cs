namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Versions of the protocol, in the order of what they can.</summary>
internal enum GossipProtocol : byte
{
    /// <summary>Messages and subscriptions only: such a peer gets every message of its topics.</summary>
    Floodsub,

    /// <summary>GRAFT, PRUNE, IHAVE, IWANT.</summary>
    V10,

    /// <summary>Back-off and peer exchange in PRUNE; scores.</summary>
    V11,

    /// <summary>IDONTWANT.</summary>
    V12,
}
