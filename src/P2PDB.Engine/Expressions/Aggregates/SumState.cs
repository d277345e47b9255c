using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>SUM and AVG over decimals or doubles; NULLs do not count, and without a value the result is NULL.</summary>
internal sealed class SumState(SqlType type, bool isAverage) : AggregateState
{
    private readonly bool _isDouble = type.Physical == PhysicalKind.Double;
    private GroupedArray<long> _counts = new();
    private GroupedArray<double> _doubles = new();
    private GroupedArray<SqlDecimal> _decimals = new();

    public override void Reset()
    {
        _counts.Reset();
        _doubles.Reset();
        _decimals.Reset();
    }

    public override void EnsureGroups(int count)
    {
        _counts.Ensure(count);
        if (_isDouble)
            _doubles.Ensure(count);
        else
            _decimals.Ensure(count);
    }

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        ColumnVector values = arguments[0];
        bool isUnsigned = values.Type.IsUnsigned;
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (values.IsNull(row))
                continue;
            int group = groups[row];
            _counts[group]++;
            if (_isDouble)
                _doubles[group] += values.GetDouble(row);
            else
                AddExact(ref _decimals[group], values, row, isUnsigned);
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row)
    {
        long count = _counts[group];
        if (count == 0)
            result.SetNull(row);
        else if (_isDouble)
            result.SetDouble(row, isAverage ? _doubles[group] / count : _doubles[group]);
        else if (!isAverage)
            result.SetDecimal(row, _decimals[group]);
        else
            FinishAverage(context, group, count, result, row);
    }

    private void FinishAverage(EvaluationContext context, int group, long count, ColumnVector result, int row)
    {
        SqlDecimal.TryDivide(_decimals[group], new SqlDecimal(count), context.DivisionScaleIncrement, out SqlDecimal average);
        result.SetDecimal(row, average);
    }

    private static void AddExact(ref SqlDecimal sum, ColumnVector values, int row, bool isUnsigned)
    {
        SqlDecimal value = values.Physical == PhysicalKind.Decimal ? values.GetDecimal(row)
            : isUnsigned ? SqlDecimal.FromUInt64(unchecked((ulong)values.GetInt64(row))) : new SqlDecimal(values.GetInt64(row));
        if (!SqlDecimal.TryAdd(sum, value, out sum))
            throw SqlErrors.ValueOutOfRange("DECIMAL", "sum").ToException();
    }
}
