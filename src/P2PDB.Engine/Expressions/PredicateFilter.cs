using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>Narrows a batch to the rows for which a predicate is true.</summary>
internal static class PredicateFilter
{
    /// <summary>
    /// Writes the positions of the selected rows for which the predicate is true; returns their count. The array, of
    /// at least the batch's capacity, may become the batch's selection; it must not be the present one.
    /// </summary>
    public static int Select(EvaluationContext context, Expression predicate, RowBatch batch, int[] positions)
    {
        ColumnVector truth = context.RentValue(predicate, batch);
        int count = 0;
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            int row = batch.RowAt(i);
            if (!truth.IsNull(row) && Conversion.IsTrue(context, truth, row))
                positions[count++] = row;
        }

        context.Return();
        return count;
    }
}
