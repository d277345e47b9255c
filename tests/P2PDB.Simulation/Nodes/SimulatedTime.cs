namespace P2PDB.Simulation.Nodes;

/// <summary>The true time of a simulated run, which stands until it is moved.</summary>
internal sealed class SimulatedTime
{
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => Now += by;
}
