using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>BIT_AND, BIT_OR and BIT_XOR over unsigned 64-bit integers; never NULL.</summary>
internal sealed class BitState(char @operator) : AggregateState
{
    // BIT_AND keeps the complement, so that an empty group's zero means all ones.
    private GroupedArray<long> _bits = new();

    public override void Reset() => _bits.Reset();

    public override void EnsureGroups(int count) => _bits.Ensure(count);

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        ColumnVector values = arguments[0];
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (values.IsNull(row))
                continue;
            ref long bits = ref _bits[groups[row]];
            long value = values.GetInt64(row);
            bits = @operator switch { '&' => bits | ~value, '|' => bits | value, _ => bits ^ value };
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row) =>
        result.SetInt64(row, @operator == '&' ? ~_bits[group] : _bits[group]);
}
