namespace P2PDB.Simulation.Nodes;

/// <summary>How often, in a hundred frames, a network does what networks do.</summary>
/// <param name="Loss">A frame does not arrive.</param>
/// <param name="Repeat">A frame arrives twice.</param>
/// <param name="Reorder">A later frame arrives first.</param>
internal sealed record NetworkFaults(int Loss, int Repeat, int Reorder)
{
    /// <summary>Each frame arrives once and in order.</summary>
    public static NetworkFaults None { get; } = new(0, 0, 0);

    /// <summary>A mood of the network.</summary>
    public static NetworkFaults Draw(Random dice) => dice.Next(3) == 0
        ? None
        : new NetworkFaults(dice.Next(30), dice.Next(30), dice.Next(50));
}
