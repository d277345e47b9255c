namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What a validator says about a message.</summary>
public enum GossipVerdict : byte
{
    /// <summary>Give it to the application and forward it.</summary>
    Accept,

    /// <summary>Drop it; the peers that sent it are to blame.</summary>
    Reject,

    /// <summary>Drop it; nobody is to blame.</summary>
    Ignore,
}
