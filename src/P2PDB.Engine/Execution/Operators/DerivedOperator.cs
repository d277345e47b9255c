using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Puts the columns of a query into slots of the enclosing block's row, without copying. Rows that are kept are taken once in an
/// execution: from the second opening on in a statement that only reads, and from the first one on in a statement that changes
/// rows, since the query would see the changes. Where there are too many for that, a statement that reads asks the query again.
/// </summary>
internal sealed class DerivedOperator(
    Operator query, int[] columns, int[] slots, RowBatch output, Expression[] filters, SqlType[]? keptTypes) : Operator
{
    private readonly RowFilter _filter = new(filters);
    private readonly RowStore? _kept = keptTypes is null ? null : new RowStore(keptTypes);
    private readonly int[] _keptColumns = Ordinals(keptTypes?.Length ?? 0);
    private long _openedExecution = -1;
    private long _keptExecution = -1;
    private long _refusedExecution = -1;
    private int _next;

    private bool IsKept => _kept is not null && _keptExecution == Context.Execution;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (NextRows() is { } batch)
        {
            Context.ThrowIfStopped();
            for (int i = 0; i < columns.Length; i++)
                output.SetColumn(slots[i], batch.Column(columns[i]));
            output.RowCount = batch.RowCount;
            output.Restore(batch.Save());
            if (_filter.Narrow(Context.Evaluation, output))
                return output;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close() => query.Close();

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _next = 0;
        bool isDue = _kept is not null && !IsKept && _refusedExecution != Context.Execution
            && (Context.ReadsNewest || _openedExecution == Context.Execution);
        _openedExecution = Context.Execution;
        if (isDue)
            Keep(_kept!);
        if (!IsKept)
            query.Open(Context);
    }

    private static int[] Ordinals(int count)
    {
        int[] ordinals = new int[count];
        for (int i = 0; i < count; i++)
            ordinals[i] = i;
        return ordinals;
    }

    private RowBatch? NextRows()
    {
        if (!IsKept)
            return query.Next();
        if (_next >= _kept!.Count)
            return null;
        RowBatch chunk = _kept.ChunkOf(_next, out _);
        _next += RowBatch.RowCountMax;
        return chunk;
    }

    private void Keep(RowStore kept)
    {
        kept.Clear();
        query.Open(Context);
        bool fits = true;
        while (fits && query.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            for (int i = 0; i < batch.SelectedCount; i++)
                kept.Add(batch, batch.RowAt(i), _keptColumns);
            fits = Context.ReadsNewest || TryHold(kept.HeldLength);
            if (Context.ReadsNewest)
                Hold(kept.HeldLength);
        }

        query.Close();
        if (fits)
        {
            _keptExecution = Context.Execution;
            return;
        }

        kept.Clear();
        Hold(0);
        _refusedExecution = Context.Execution;
    }
}
