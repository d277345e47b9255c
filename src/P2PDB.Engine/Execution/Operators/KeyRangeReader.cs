using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Turns the ranges of an access path into stretches of bytes for one opening of a scan: evaluates their expressions,
/// places the values among the columns' keys, sorts the stretches and joins those that overlap, so that each row comes once.
/// </summary>
internal sealed class KeyRangeReader(TableSchema table, AccessPath path)
{
    private readonly ByteWriter _bounds = new();
    private readonly ByteWriter _prefix = new();
    private readonly List<ByteRange> _ranges = [];

    /// <summary>The stretches, in order, without overlap.</summary>
    public List<ByteRange> Ranges => _ranges;

    /// <summary>
    /// True when each stretch is one whole key. A value that has no exact place among the keys, such as a string
    /// compared with a number, makes a stretch of a point.
    /// </summary>
    public bool ArePoints { get; private set; }

    /// <summary>The bytes of a bound.</summary>
    public ReadOnlySpan<byte> Start(ByteRange range) => _bounds.Written.Slice(range.Start, range.StartLength);

    /// <summary>The bytes of a bound.</summary>
    public ReadOnlySpan<byte> End(ByteRange range) => _bounds.Written.Slice(range.End, range.EndLength);

    /// <summary>Reads the ranges for one row of <paramref name="input"/>, which the expressions may refer to.</summary>
    public void Read(EvaluationContext context, RowBatch input, int row)
    {
        _bounds.Clear();
        _ranges.Clear();
        ArePoints = path.IsPoint;
        if (path.Ranges.Length == 0)
        {
            _ranges.Add(default);
            return;
        }

        foreach (KeyRange range in path.Ranges)
            Read(context, range, input, row);
        if (_ranges.Count > 1)
            SortAndJoin();
    }

    private ReadOnlySpan<IndexPart> Parts => (path.Index ?? table.PrimaryKey)!.Parts.AsSpan();

    private void Read(EvaluationContext context, KeyRange range, RowBatch input, int row)
    {
        _prefix.Clear();
        bool isNarrowing = true;
        for (int i = 0; i < range.Prefix.Length && isNarrowing; i++)
        {
            bool matchesNull = range.MatchesNull && i == range.Prefix.Length - 1;
            KeyFit fit = Append(context, Parts[i], range.Prefix[i], input, row);
            switch (fit)
            {
                case KeyFit.Exact:
                    break;
                case KeyFit.Null when matchesNull:
                    KeyEncoder.AppendNull(_prefix);
                    break;
                case KeyFit.Unknown:
                    isNarrowing = false;
                    break;
                default:
                    return;
            }

            // Past a column of which only a prefix is in the key, nothing is known to be equal.
            if (Parts[i].PrefixLength > 0)
                isNarrowing = false;
        }

        if (!isNarrowing || range.IsEquality)
        {
            ArePoints &= isNarrowing;
            AddPrefixRange();
            return;
        }

        AddBounded(context, range, input, row);
    }

    private void AddBounded(EvaluationContext context, KeyRange range, RowBatch input, int row)
    {
        IndexPart part = Parts[range.Prefix.Length];
        int prefixLength = _prefix.Length;
        int start = _bounds.Length;
        int startLength = 0;
        bool isUnknown = part.PrefixLength > 0;
        if (!isUnknown && range.Low is not null)
        {
            KeyFit fit = Append(context, part, range.Low, input, row);
            if (fit is KeyFit.Null or KeyFit.AboveAll)
                return;
            isUnknown = fit == KeyFit.Unknown;
            if (fit is KeyFit.Exact or KeyFit.JustAbove)
            {
                bool isAfter = fit == KeyFit.JustAbove || !range.IsLowInclusive;
                startLength = isAfter ? AddSuccessor(_prefix.Written) : AddBound(_prefix.Written);
            }

            _prefix.Truncate(prefixLength);
        }

        int endLength = 0;
        int end = 0;
        if (!isUnknown && startLength == 0)
        {
            // NULLs sort first and match no bound.
            _prefix.WriteByte(1);
            start = _bounds.Length;
            startLength = AddBound(_prefix.Written);
            _prefix.Truncate(prefixLength);
        }

        if (!isUnknown && range.High is not null)
        {
            KeyFit fit = Append(context, part, range.High, input, row);
            if (fit is KeyFit.Null or KeyFit.BelowAll)
                return;
            isUnknown = fit == KeyFit.Unknown;
            if (fit is KeyFit.Exact or KeyFit.JustAbove)
            {
                bool isBefore = fit == KeyFit.Exact && !range.IsHighInclusive;
                end = _bounds.Length;
                endLength = isBefore ? AddBound(_prefix.Written) : AddSuccessor(_prefix.Written);
            }

            _prefix.Truncate(prefixLength);
        }

        if (isUnknown)
        {
            AddPrefixRange();
            return;
        }

        if (endLength == 0 && prefixLength > 0)
        {
            end = _bounds.Length;
            endLength = AddSuccessor(_prefix.Written);
        }

        _ranges.Add(new ByteRange(start, startLength, end, endLength));
    }

    private KeyFit Append(EvaluationContext context, IndexPart part, Expression expression, RowBatch input, int row)
    {
        ColumnVector value = context.RentValue(expression, input);
        SqlType type = table.Columns[part.Ordinal].Type;
        KeyFit fit;
        if (part.PrefixLength > 0 && !value.IsNull(row) && value.Type.IsString)
        {
            ReadOnlySpan<byte> prefix = IndexKeys.Prefix(value.GetBytes(row), type, part.PrefixLength);
            KeyEncoder.AppendString(_prefix, prefix, type.Collation);
            fit = KeyFit.Exact;
        }
        else
        {
            fit = KeyValueEncoder.Append(context, _prefix, type, value, row);
        }

        context.Return();
        return fit;
    }

    private void AddPrefixRange()
    {
        int start = _bounds.Length;
        int startLength = AddBound(_prefix.Written);
        int end = _bounds.Length;
        int endLength = AddSuccessor(_prefix.Written);
        _ranges.Add(new ByteRange(start, startLength, end, endLength));
    }

    private int AddBound(ReadOnlySpan<byte> key)
    {
        _bounds.Write(key);
        return key.Length;
    }

    /// <summary>Adds the first key that is past everything that starts with <paramref name="key"/>; 0 when there is none.</summary>
    private int AddSuccessor(ReadOnlySpan<byte> key) => KeyBounds.TryAppendSuccessor(_bounds, key, out int length) ? length : 0;

    private void SortAndJoin()
    {
        _ranges.Sort(CompareStarts);
        int kept = 0;
        for (int i = 1; i < _ranges.Count; i++)
        {
            ByteRange last = _ranges[kept];
            ByteRange next = _ranges[i];
            bool overlaps = last.EndLength == 0 || Start(next).SequenceCompareTo(End(last)) < 0;
            if (!overlaps)
                _ranges[++kept] = next;
            else if (last.EndLength != 0 && (next.EndLength == 0 || End(next).SequenceCompareTo(End(last)) > 0))
                _ranges[kept] = last with { End = next.End, EndLength = next.EndLength };
        }

        _ranges.RemoveRange(kept + 1, _ranges.Count - kept - 1);
    }

    private int CompareStarts(ByteRange left, ByteRange right) => Start(left).SequenceCompareTo(Start(right));
}
