using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Computes rows from rows. Plain columns are handed on, not copied.</summary>
internal sealed class ProjectOperator : Operator
{
    private readonly Operator _input;
    private readonly Expression[] _items;
    private readonly ColumnVector?[] _computed;
    private readonly RowBatch _output;

    public ProjectOperator(Operator input, Expression[] items, int capacity)
    {
        _input = input;
        _items = items;
        _computed = new ColumnVector?[items.Length];
        var columns = new ColumnVector[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] is not ColumnExpression)
                _computed[i] = new ColumnVector(items[i].Type, capacity);
            columns[i] = _computed[i] ?? new ColumnVector(items[i].Type, 1);
        }

        _output = new RowBatch(columns, capacity);
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        if (_input.Next() is not { } batch)
            return null;

        for (int i = 0; i < _items.Length; i++)
        {
            if (_computed[i] is { } vector)
                _items[i].Evaluate(Context.Evaluation, batch, vector);
            else
                _output.SetColumn(i, batch.Column(((ColumnExpression)_items[i]).Ordinal));
        }

        _output.RowCount = batch.RowCount;
        _output.Restore(batch.Save());
        return _output;
    }

    /// <inheritdoc/>
    public override void Close() => _input.Close();

    /// <inheritdoc/>
    protected override void OpenCore() => _input.Open(Context);
}
