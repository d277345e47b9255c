namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>How peers are scored in one topic (P1 to P4). A weight of zero turns its part off.</summary>
public sealed record TopicScoreOptions
{
    /// <summary>Weight of the topic in a peer's score.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Weight of the time in the mesh (P1).</summary>
    public double TimeInMeshWeight { get; init; }

    /// <summary>Unit of that time.</summary>
    public TimeSpan TimeInMeshQuantum { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most units counted.</summary>
    public double TimeInMeshCap { get; init; } = 3_600;

    /// <summary>Weight of messages that the peer delivered first (P2).</summary>
    public double FirstMessageDeliveriesWeight { get; init; }

    /// <summary>Factor of that counter's decay.</summary>
    public double FirstMessageDeliveriesDecay { get; init; } = 0.5;

    /// <summary>Most messages counted.</summary>
    public double FirstMessageDeliveriesCap { get; init; } = 2_000;

    /// <summary>Weight of the square of the deficit of messages delivered in the mesh (P3); 0 or less.</summary>
    public double MeshMessageDeliveriesWeight { get; init; }

    /// <summary>Factor of that counter's decay.</summary>
    public double MeshMessageDeliveriesDecay { get; init; } = 0.5;

    /// <summary>Most messages counted.</summary>
    public double MeshMessageDeliveriesCap { get; init; } = 100;

    /// <summary>Messages that a mesh peer must deliver for there to be no deficit.</summary>
    public double MeshMessageDeliveriesThreshold { get; init; } = 20;

    /// <summary>How long after the first copy of a message another one still counts.</summary>
    public TimeSpan MeshMessageDeliveriesWindow { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a peer is in the mesh before P3 counts.</summary>
    public TimeSpan MeshMessageDeliveriesActivation { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Weight of the deficits with which the peer left meshes (P3b); 0 or less.</summary>
    public double MeshFailurePenaltyWeight { get; init; }

    /// <summary>Factor of that counter's decay.</summary>
    public double MeshFailurePenaltyDecay { get; init; } = 0.5;

    /// <summary>Weight of the square of invalid messages (P4); 0 or less.</summary>
    public double InvalidMessageDeliveriesWeight { get; init; } = -1;

    /// <summary>Factor of that counter's decay.</summary>
    public double InvalidMessageDeliveriesDecay { get; init; } = 0.99;
}
