using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// One step of a plan at work: gives out batches until there are no more. An operator is kept with its plan and opened
/// again for every execution, with all the memory it has grown. Used by one thread.
/// </summary>
internal abstract class Operator
{
    /// <summary>The context of the execution under way; set by <see cref="Open"/>.</summary>
    protected StatementContext Context { get; private set; } = null!;

    private MemoryHold _memory;

    /// <summary>Where it notes what it does, for EXPLAIN ANALYZE; else null.</summary>
    public OperatorMeasure? Measure { get; set; }

    /// <summary>Starts an execution, or starts over.</summary>
    public void Open(StatementContext context)
    {
        Context = context;
        Measure?.BeginLoop();
        OpenCore();
        Measure?.Pause(0);
    }

    /// <summary>The next batch with at least one selected row, valid until the next call; null at the end.</summary>
    public RowBatch? Next()
    {
        if (Measure is null)
            return NextCore();
        Measure.Resume();
        RowBatch? batch = NextCore();
        Measure.Pause(batch?.SelectedCount ?? 0);
        return batch;
    }

    /// <summary>Lets go of what an execution holds: cursors, rows. Memory for the next one may be kept.</summary>
    public abstract void Close();

    /// <summary>Says how many bytes of rows and keys it holds now: after each batch it keeps, and 0 once it has let go. Error 1038 where that is too much.</summary>
    protected void Hold(long length) => _memory.Set(Context, length);

    /// <summary>As <see cref="Hold"/>, for an operator that can put its rows on the disk: false where it is to do that.</summary>
    protected bool TryHold(long length) => _memory.TrySet(Context, length);

    /// <summary>Takes the context without opening.</summary>
    protected void Attach(StatementContext context) => Context = context;

    /// <summary>Starts an execution.</summary>
    protected abstract void OpenCore();

    /// <summary>The next batch.</summary>
    protected abstract RowBatch? NextCore();
}
