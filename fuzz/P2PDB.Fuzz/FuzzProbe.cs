namespace P2PDB.Fuzz;

/// <summary>
/// What a run reached: any number a target chooses, such as a status, a kind of record or how far the decoder came. An
/// input that reaches something for the first time is kept and mutated.
/// </summary>
public sealed class FuzzProbe
{
    private const int FeatureCountMax = 4096;

    private readonly HashSet<int> _reached = [];

    /// <summary>How many different things were reached so far.</summary>
    public int ReachedCount => _reached.Count;

    /// <summary>Whether the run since <see cref="BeginRun"/> reached something new.</summary>
    internal bool FoundNew { get; private set; }

    /// <summary>Says that the run reached <paramref name="feature"/>.</summary>
    public void Reached(int feature)
    {
        if (_reached.Count < FeatureCountMax && _reached.Add(feature))
            FoundNew = true;
    }

    internal void BeginRun() => FoundNew = false;
}
