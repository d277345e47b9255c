namespace P2PDB.Fuzz;

/// <summary>
/// What a run tells of itself. It may say what it reached: any number a target chooses, such as a status, a kind of record or how
/// far the decoder came; an input that reaches something for the first time is kept and mutated. And it may say where
/// decoding begins and ends, so that only the decoder's memory is counted and not what the target needs to check its law.
/// </summary>
public sealed class FuzzProbe
{
    private const int FeatureCountMax = 32 * 1024;

    private readonly HashSet<int> _reached = [];
    private long _allocatedBefore;
    private long _allocated;
    private bool _isDecoding;

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

    /// <summary>Decoding begins: what was allocated since the run began, or since decoding ended, is the target's own.</summary>
    public void BeginDecoding()
    {
        _isDecoding = true;
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>
    /// What is allocated from here on is the target's own, until decoding begins again; the parts add up. A target that never
    /// says so counts all that its run allocates.
    /// </summary>
    public void EndDecoding()
    {
        if (_isDecoding)
            _allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        _isDecoding = false;
    }

    internal void BeginRun()
    {
        FoundNew = false;
        _allocated = 0;
        BeginDecoding();
    }

    /// <summary>Ends the run; returns what the decoder allocated.</summary>
    internal long EndRun()
    {
        EndDecoding();
        return _allocated;
    }
}
