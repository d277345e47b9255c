using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>The STDDEV and VARIANCE family, by Welford's recurrence as MySQL computes it.</summary>
internal sealed class VarianceState(bool isSample, bool isRoot) : AggregateState
{
    private GroupedArray<long> _counts = new();
    private GroupedArray<double> _means = new();
    private GroupedArray<double> _squares = new();

    public override void Reset()
    {
        _counts.Reset();
        _means.Reset();
        _squares.Reset();
    }

    public override void EnsureGroups(int count)
    {
        _counts.Ensure(count);
        _means.Ensure(count);
        _squares.Ensure(count);
    }

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        ColumnVector values = arguments[0];
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (values.IsNull(row))
                continue;
            int group = groups[row];
            double value = values.GetDouble(row);
            double distance = value - _means[group];
            _means[group] += distance / ++_counts[group];
            _squares[group] += distance * (value - _means[group]);
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row)
    {
        long divisor = _counts[group] - (isSample ? 1 : 0);
        if (divisor <= 0)
        {
            result.SetNull(row);
            return;
        }

        double variance = _squares[group] / divisor;
        result.SetDouble(row, isRoot ? Math.Sqrt(variance) : variance);
    }
}
