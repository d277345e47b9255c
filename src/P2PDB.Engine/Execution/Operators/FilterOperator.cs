using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Narrows the batches of its input to the rows that meet all conditions. Conditions that read no row are looked at first:
/// where one is not true the input is never opened.
/// </summary>
internal sealed class FilterOperator : Operator
{
    private readonly Operator _input;
    private readonly RowFilter _filter;
    private readonly RowFilter _constants;
    private bool _isEmpty;

    public FilterOperator(Operator input, Expression[] conditions)
    {
        _input = input;
        _filter = new RowFilter(Array.FindAll(conditions, condition => !condition.IsConstant));
        _constants = new RowFilter(Array.FindAll(conditions, condition => condition.IsConstant));
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (!_isEmpty && _input.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            if (_filter.Narrow(Context.Evaluation, batch))
                return batch;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close() => _input.Close();

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        RowBatch one = Context.Evaluation.OneRow;
        _isEmpty = !_constants.Narrow(Context.Evaluation, one);
        one.SelectAll();
        if (!_isEmpty)
            _input.Open(Context);
    }
}
