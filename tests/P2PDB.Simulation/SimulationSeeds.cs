namespace P2PDB.Simulation;

/// <summary>The seeds of this run: 1 to 50, or as the environment says; docs/CONTRIBUTING.md says how.</summary>
internal static class SimulationSeeds
{
    private const int Count = 50;

    /// <summary>All of them.</summary>
    public static TheoryData<int> All
    {
        get
        {
            int first = Replayed ?? 1;
            int count = Setting("P2PDB_SIM_SEEDS") ?? (Replayed is null ? Count : 1);
            return [.. Enumerable.Range(first, count)];
        }
    }

    /// <summary>The seed that is run again, and alone if nothing else is said.</summary>
    public static int? Replayed => Setting("P2PDB_SIM_SEED");

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text) : null;
}
