namespace P2PDB.Engine.Sync;

/// <summary>The network as the engine needs it: addresses for invitations, and connections to keep.</summary>
public interface IPeerNetwork
{
    /// <summary>Where peers can reach this node, each with its peer id; empty when it does not listen.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Stays connected to one of the addresses of a peer from now on. False when none can be used.</summary>
    public bool TryKeep(IReadOnlyList<string> addresses);

    /// <summary>The peers that this node is connected to.</summary>
    public IReadOnlyList<PeerStatus> Peers { get; }
}
