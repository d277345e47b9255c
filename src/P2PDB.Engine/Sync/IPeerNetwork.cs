namespace P2PDB.Engine.Sync;

/// <summary>The network as the engine needs it: addresses for invitations, and connections to keep.</summary>
public interface IPeerNetwork
{
    /// <summary>Where peers can reach this node, each with its peer id; empty when it does not listen.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Stays connected to one of the addresses of a peer from now on. False when none can be used.</summary>
    public bool TryKeep(IReadOnlyList<string> addresses);

    /// <summary>
    /// Stays connected to a peer no longer, given as its peer id or one of its addresses, and ends the connection. False where that is
    /// neither, or no peer that was kept or is connected.
    /// </summary>
    public bool TryLetGo(string peer);

    /// <summary>The peers that this node is connected to.</summary>
    public IReadOnlyList<PeerStatus> Peers { get; }
}
