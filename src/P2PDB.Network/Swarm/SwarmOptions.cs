namespace P2PDB.Network.Swarm;

/// <summary>Settings of a swarm. The limits can only be tightened below those of <see cref="Limits"/>.</summary>
public sealed class SwarmOptions
{
    /// <summary>What identify tells others about this software.</summary>
    public string AgentVersion { get; init; } = "p2pdb/0.1.0";

    /// <summary>What identify tells others about the family of protocols.</summary>
    public string ProtocolVersion { get; init; } = "p2pdb/1.0.0";

    /// <summary>Agree on the muxer inside the Noise handshake, which saves a round trip; off leaves it to multistream.</summary>
    public bool EarlyMuxer { get; init; } = true;

    /// <summary>Most connections, both directions together.</summary>
    public int ConnectionCountMax { get; init; } = Limits.ConnectionCountMax;

    /// <summary>Time a dial may take.</summary>
    public TimeSpan DialTimeout { get; init; } = Limits.DialTimeout;

    /// <summary>Time an inbound connection has for its handshake.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = Limits.UpgradeTimeout;
}
