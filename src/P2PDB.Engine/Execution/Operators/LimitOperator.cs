using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Skips an offset, gives out a count, then stops asking its input unless all rows are to be counted.</summary>
internal sealed class LimitOperator(Operator input, Expression? count, Expression? offset, bool countsAll) : Operator
{
    private int[] _positions = [];
    private ulong _toSkip;
    private ulong _left;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (_left > 0 && input.Next() is { } batch)
        {
            ulong available = (ulong)batch.SelectedCount;
            Context.FoundRows += available;
            if (available <= _toSkip)
            {
                _toSkip -= available;
                continue;
            }

            ulong first = _toSkip;
            ulong taken = Math.Min(available - first, _left);
            _toSkip = 0;
            _left -= taken;
            if (taken < available)
                Narrow(batch, (int)first, (int)taken);
            return batch;
        }

        while (countsAll && input.Next() is { } rest)
            Context.FoundRows += (ulong)rest.SelectedCount;
        return null;
    }

    /// <inheritdoc/>
    public override void Close() => input.Close();

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _toSkip = LimitValue.Evaluate(Context, offset, 0);
        _left = LimitValue.Evaluate(Context, count, ulong.MaxValue);
        input.Open(Context);
    }

    private void Narrow(RowBatch batch, int first, int taken)
    {
        if (_positions.Length < batch.Capacity)
            _positions = new int[batch.Capacity];
        for (int i = 0; i < taken; i++)
            _positions[i] = batch.RowAt(first + i);
        batch.Select(_positions, taken);
    }
}
