using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>SUM and AVG over decimals or doubles; NULLs do not count, and without a value the result is NULL.</summary>
internal sealed class SumState(SqlType type, bool isAverage) : AggregateState
{
    private readonly bool _isDouble = type.Physical == PhysicalKind.Double;
    private int _scale;
    private GroupedArray<long> _counts = new();
    private GroupedArray<double> _doubles = new();
    private GroupedArray<ExactSum> _exact = new();

    public override void Reset()
    {
        _counts.Reset();
        _doubles.Reset();
        _exact.Reset();
    }

    public override void EnsureGroups(int count)
    {
        _counts.Ensure(count);
        if (_isDouble)
            _doubles.Ensure(count);
        else
            _exact.Ensure(count);
    }

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        ColumnVector values = arguments[0];
        bool isUnsigned = values.Type.IsUnsigned;
        _scale = values.Type.Scale;
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
                _exact[group].Add(values, row, isUnsigned);
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
            result.SetDecimal(row, _exact[group].Total(_scale));
        else
            FinishAverage(context, group, count, result, row);
    }

    private void FinishAverage(EvaluationContext context, int group, long count, ColumnVector result, int row)
    {
        SqlDecimal.TryDivide(_exact[group].Total(_scale), new SqlDecimal(count), context.DivisionScaleIncrement, out SqlDecimal average);
        result.SetDecimal(row, average);
    }

    /// <summary>A sum in two parts: of values of one word that have the argument's scale, and of all others.</summary>
    private struct ExactSum
    {
        private Int128 _words;
        private SqlDecimal _others;
        private bool _hasWords;

        public void Add(ColumnVector values, int row, bool isUnsigned)
        {
            if (values.Physical != PhysicalKind.Decimal)
            {
                long value = values.GetInt64(row);
                AddWord(isUnsigned ? unchecked((ulong)value) : value);
            }
            else if (values.GetDecimal(row).TryGetWord(values.Type.Scale, out Int128 word))
            {
                AddWord(word);
            }
            else if (!SqlDecimal.TryAdd(_others, values.GetDecimal(row), out _others))
            {
                throw SqlErrors.ValueOutOfRange("DECIMAL", "sum").ToException();
            }
        }

        public readonly SqlDecimal Total(int scale)
        {
            if (!_hasWords)
                return _others;
            if (!SqlDecimal.TryAdd(_others, SqlDecimal.FromScaled(_words, scale), out SqlDecimal total))
                throw SqlErrors.ValueOutOfRange("DECIMAL", "sum").ToException();
            return total;
        }

        // 2^63 rows would be needed to leave 128 bits.
        private void AddWord(Int128 word)
        {
            _words += word;
            _hasWords = true;
        }
    }
}
