using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Storage.Overlays;

/// <summary>
/// Which runs of a write set may still be gone back to. Marks are counted; a run that a merged one replaced is kept while a mark
/// lives that was taken after the run was made and before it was replaced.
/// </summary>
internal sealed class RunLifetimes(ScratchSpace space)
{
    private readonly List<SortedRun> _replaced = [];
    private long _newestMark;

    /// <summary>Where runs are written.</summary>
    public ScratchSpace Space { get; } = space;

    /// <summary>Number of the newest mark that was ever taken.</summary>
    public long Now { get; private set; }

    /// <summary>True where runs that were replaced are still here.</summary>
    public bool KeepsReplaced => _replaced.Count > 0;

    /// <summary>Takes a mark; its number.</summary>
    public long Mark() => _newestMark = ++Now;

    /// <summary>All marks have ended but these: what only others could go back to goes.</summary>
    public void EndMarks(ReadOnlySpan<long> live)
    {
        _newestMark = 0;
        foreach (long mark in live)
            _newestMark = Math.Max(_newestMark, mark);
        for (int i = _replaced.Count - 1; i >= 0; i--)
        {
            SortedRun run = _replaced[i];
            bool isNeeded = false;
            foreach (long mark in live)
                isNeeded |= run.MadeAt < mark && mark <= run.ReplacedAt;
            if (isNeeded)
                continue;
            _replaced.RemoveAt(i);
            run.Release();
        }
    }

    /// <summary>A merged run has taken the place of this one.</summary>
    public void Replace(SortedRun run)
    {
        run.ReplacedAt = Now;
        if (run.MadeAt < _newestMark)
            _replaced.Add(run);
        else
            run.Release();
    }

    /// <summary>A rewind has put the run back in its place.</summary>
    public void PutBack(SortedRun run) => _replaced.Remove(run);
}
