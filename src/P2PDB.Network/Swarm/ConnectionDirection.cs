namespace P2PDB.Network.Swarm;

/// <summary>Which side dialled.</summary>
public enum ConnectionDirection : byte
{
    /// <summary>The remote dialled.</summary>
    Inbound,

    /// <summary>This node dialled.</summary>
    Outbound,
}
