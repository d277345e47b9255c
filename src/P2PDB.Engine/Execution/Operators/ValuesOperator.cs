using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Rows of expressions that read no row: VALUES, and the one row of a SELECT without FROM.</summary>
internal sealed class ValuesOperator : Operator
{
    private readonly Expression[][] _items;
    private readonly RowBatch _output;
    private int _next;

    public ValuesOperator(Expression[][] items, SqlType[] types)
    {
        _items = items;
        _output = new RowBatch(types, Math.Min(items.Length, RowBatch.RowCountMax));
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        if (_next == _items.Length)
            return null;
        _output.Reset();
        int filled = 0;
        EvaluationContext evaluation = Context.Evaluation;
        while (filled < _output.Capacity && _next < _items.Length)
        {
            Expression[] row = _items[_next++];
            for (int i = 0; i < row.Length; i++)
            {
                ColumnVector value = evaluation.RentValue(row[i], evaluation.OneRow);
                Conversion.Convert(evaluation, value, 0, _output.Column(i), filled);
                evaluation.Return();
            }

            filled++;
        }

        _output.RowCount = filled;
        return _output;
    }

    /// <inheritdoc/>
    public override void Close()
    {
    }

    /// <inheritdoc/>
    protected override void OpenCore() => _next = 0;
}
