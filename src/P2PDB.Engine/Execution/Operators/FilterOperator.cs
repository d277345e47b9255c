using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Narrows the batches of its input to the rows that meet all conditions.</summary>
internal sealed class FilterOperator(Operator input, Expression[] conditions) : Operator
{
    private readonly RowFilter _filter = new(conditions);

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (input.Next() is { } batch)
        {
            if (_filter.Narrow(Context.Evaluation, batch))
                return batch;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close() => input.Close();

    /// <inheritdoc/>
    protected override void OpenCore() => input.Open(Context);
}
