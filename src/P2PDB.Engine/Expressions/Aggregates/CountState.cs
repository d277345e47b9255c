using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>COUNT(*) without arguments, COUNT(x) of the rows where no argument is NULL.</summary>
internal sealed class CountState : AggregateState
{
    private GroupedArray<long> _counts = new();

    public override void Reset() => _counts.Reset();

    public override void EnsureGroups(int count) => _counts.Ensure(count);

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (!AnyNull(arguments, row))
                _counts[groups[row]]++;
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row) =>
        result.SetInt64(row, _counts[group]);
}
