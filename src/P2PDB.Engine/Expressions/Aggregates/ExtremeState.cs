using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>MIN and MAX: keeps one value per group.</summary>
internal sealed class ExtremeState(SqlType type, bool isMaximum) : AggregateState
{
    private readonly bool _isUnsigned = KeyEncoder.IsUnsignedKey(type);
    private GroupedArray<bool> _hasValue = new();
    private GroupedArray<long> _int64 = new();
    private GroupedArray<double> _doubles = new();
    private GroupedArray<SqlDecimal> _decimals = new();
    private GroupedArray<byte[]?> _bytes = new();
    private GroupedArray<int> _lengths = new();
    private long _heldLength;

    public override long HeldLength => _heldLength;

    public override void Reset()
    {
        _hasValue.Reset();
        _int64.Reset();
        _doubles.Reset();
        _decimals.Reset();
        _bytes.Reset();
        _lengths.Reset();
        _heldLength = 0;
    }

    public override void EnsureGroups(int count)
    {
        _hasValue.Ensure(count);
        switch (type.Physical)
        {
            case PhysicalKind.Int64: _int64.Ensure(count); break;
            case PhysicalKind.Double: _doubles.Ensure(count); break;
            case PhysicalKind.Decimal: _decimals.Ensure(count); break;
            default:
                _bytes.Ensure(count);
                _lengths.Ensure(count);
                break;
        }
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
            if (_hasValue[group] && !IsBetter(values, row, group))
                continue;
            _hasValue[group] = true;
            Keep(values, row, group);
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row)
    {
        if (!_hasValue[group])
        {
            result.SetNull(row);
            return;
        }

        switch (type.Physical)
        {
            case PhysicalKind.Int64: result.SetInt64(row, _int64[group]); break;
            case PhysicalKind.Double: result.SetDouble(row, _doubles[group]); break;
            case PhysicalKind.Decimal: result.SetDecimal(row, _decimals[group]); break;
            default: result.SetBytes(row, _bytes[group].AsSpan(0, _lengths[group])); break;
        }
    }

    private bool IsBetter(ColumnVector values, int row, int group)
    {
        int order = type.Physical switch
        {
            PhysicalKind.Int64 when _isUnsigned =>
                unchecked((ulong)values.GetInt64(row)).CompareTo(unchecked((ulong)_int64[group])),
            PhysicalKind.Int64 => values.GetInt64(row).CompareTo(_int64[group]),
            PhysicalKind.Double => values.GetDouble(row).CompareTo(_doubles[group]),
            PhysicalKind.Decimal => values.GetDecimal(row).CompareTo(_decimals[group]),
            _ when type.Kind == SqlTypeKind.Json => Json.JsonConversion.Parse(values.GetBytes(row))
                .CompareTo(Json.JsonConversion.Parse(_bytes[group].AsSpan(0, _lengths[group]))),
            _ => type.Collation.Compare(values.GetBytes(row), _bytes[group].AsSpan(0, _lengths[group])),
        };
        return isMaximum ? order > 0 : order < 0;
    }

    private void Keep(ColumnVector values, int row, int group)
    {
        switch (type.Physical)
        {
            case PhysicalKind.Int64: _int64[group] = values.GetInt64(row); break;
            case PhysicalKind.Double: _doubles[group] = values.GetDouble(row); break;
            case PhysicalKind.Decimal: _decimals[group] = values.GetDecimal(row); break;
            default:
                ReadOnlySpan<byte> text = values.GetBytes(row);
                if (_bytes[group] is not { } kept || kept.Length < text.Length)
                {
                    _heldLength += Math.Max(16, text.Length) - (_bytes[group]?.Length ?? 0);
                    _bytes[group] = kept = new byte[Math.Max(16, text.Length)];
                }

                text.CopyTo(kept);
                _lengths[group] = text.Length;
                break;
        }
    }
}
