using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>
/// Sorted runs on the disk: all of one pass in one file, in the order in which their rows came. Where they are more than are merged
/// at once, neighbours are merged to longer runs first, pass by pass, so that rows of equal keys keep their order.
/// </summary>
internal sealed class SortRuns(StatementContext context, OperatorMeasure? measure) : IDisposable
{
    /// <summary>Runs merged at once: 2 MiB of buffers, and one pass for some 6 GiB of rows under the default p2pdb_statement_memory.</summary>
    private const int FanIn = 32;

    private List<SpillStretch> _runs = [];
    private SpillFile _file = new(context.Scratch, measure);
    private SortMerge? _merge;

    /// <summary>Where the rows of the run under way are added, in order.</summary>
    public SpillFile File => _file;

    /// <summary>Ends a run: all that was added since the last one.</summary>
    public void EndRun()
    {
        _runs.Add(new SpillStretch(_runs.Count == 0 ? 0 : _runs[^1].End, _file.Length));
        measure?.NoteSpilledPart();
    }

    /// <summary>The next row of all, in order; null at the end. After the first call nothing is added.</summary>
    public SpillReader? Next()
    {
        _merge ??= StartMerge();
        return _merge.Next();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _merge?.Dispose();
        _file.Dispose();
    }

    private SortMerge StartMerge()
    {
        _file.Finish();
        while (_runs.Count > FanIn)
            MergeNeighbours();
        context.Session.Counters.Add(StatusCounter.SortMergePasses);
        return new SortMerge(_file, _runs);
    }

    private void MergeNeighbours()
    {
        context.Session.Counters.Add(StatusCounter.SortMergePasses);
        SpillFile source = _file;
        List<SpillStretch> runs = _runs;
        _file = new SpillFile(context.Scratch, measure);
        _runs = [];
        using (source)
        {
            for (int first = 0; first < runs.Count; first += FanIn)
            {
                using var merge = new SortMerge(source, runs.GetRange(first, Math.Min(FanIn, runs.Count - first)));
                for (int i = 0; merge.Next() is { } row; i++)
                {
                    if ((i & 0x3FF) == 0)
                        context.ThrowIfStopped();
                    _file.Add(row);
                }

                EndRun();
            }
        }

        _file.Finish();
    }
}
