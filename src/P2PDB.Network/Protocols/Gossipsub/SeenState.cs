namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A message that was seen.</summary>
internal struct SeenState
{
    /// <summary>What became of it.</summary>
    public SeenStatus Status;

    /// <summary>When that was decided; for a pending one, when it came.</summary>
    public TimeSpan At;

    /// <summary>Mesh peers that sent copies while it was pending; null without any.</summary>
    public List<GossipPeer>? Copies;
}
