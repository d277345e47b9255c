using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Conditions over a batch: each narrows the selection that the one before it left.</summary>
internal sealed class RowFilter(Expression[] conditions)
{
    private int[] _positions = [];

    /// <summary>True when there is nothing to check.</summary>
    public bool IsEmpty => conditions.Length == 0;

    /// <summary>Narrows the batch to the rows for which every condition is true; false when none is left.</summary>
    public bool Narrow(EvaluationContext context, RowBatch batch)
    {
        foreach (Expression condition in conditions)
        {
            int count = batch.SelectedCount;
            if (count == 0)
                return false;
            ColumnVector truth = context.RentValue(condition, batch);
            if (_positions.Length < batch.Capacity)
                _positions = new int[batch.Capacity];
            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                int row = batch.RowAt(i);
                if (!truth.IsNull(row) && Conversion.IsTrue(context, truth, row))
                    _positions[kept++] = row;
            }

            context.Return();
            // The positions are written in place over the selection they came from: never ahead of what is read.
            if (kept < count)
                batch.Select(_positions, kept);
        }

        return batch.SelectedCount > 0;
    }
}
