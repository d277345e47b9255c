using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Puts the columns of a query into slots of the enclosing block's row, without copying.</summary>
internal sealed class DerivedOperator(
    Operator query, int[] columns, int[] slots, RowBatch output, Expression[] filters) : Operator
{
    private readonly RowFilter _filter = new(filters);

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (query.Next() is { } batch)
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
    protected override void OpenCore() => query.Open(Context);
}
