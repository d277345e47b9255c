using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Planning.Statistics;

/// <summary>
/// What planning knows of a table's data: how many rows it has, and some of them, spread over the whole. Conditions are tried on the
/// sample itself, so no histogram has to foresee their form. Immutable but for what it remembers; shared by all sessions.
/// </summary>
internal sealed class TableStatistics(TableSchema table, double rowCount, RowBatch sample)
{
    /// <summary>Wider values are not sampled: a thousand of them would take too much memory.</summary>
    private const int SampledLengthMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _distinctCounts = [];

    /// <summary>Rows that the table had when the sample was taken.</summary>
    public double RowCount => rowCount;

    /// <summary>The sampled rows, one column per table column; those that <see cref="IsSampled"/> denies hold nothing.</summary>
    public RowBatch Sample => sample;

    /// <summary>True where the sample is the whole table.</summary>
    public bool IsWhole => sample.RowCount >= rowCount;

    /// <summary>True for columns that samples hold.</summary>
    public static bool IsSampled(SqlType type) =>
        type.Physical != PhysicalKind.Bytes || (type.Kind is not (SqlTypeKind.Json or SqlTypeKind.Geometry) && type.Length <= SampledLengthMax);

    /// <summary>How many different values some columns together have; rows with a NULL among them do not count.</summary>
    public double DistinctCount(ReadOnlySpan<int> ordinals)
    {
        if (IsUnique(ordinals))
            return Math.Max(1, rowCount);
        string key = string.Join(',', ordinals.ToArray());
        lock (_gate)
        {
            if (!_distinctCounts.TryGetValue(key, out double count))
                _distinctCounts[key] = count = EstimateDistinct(ordinals);
            return count;
        }
    }

    private bool IsUnique(ReadOnlySpan<int> ordinals)
    {
        if (table.PrimaryKey is { } primary && Covers(ordinals, primary))
            return true;
        foreach (IndexSchema index in table.Indexes)
        {
            if (index.IsUnique && Covers(ordinals, index))
                return true;
        }

        return false;
    }

    private static bool Covers(ReadOnlySpan<int> ordinals, IndexSchema index)
    {
        foreach (IndexPart part in index.Parts)
        {
            if (part.PrefixLength > 0 || !ordinals.Contains(part.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>
    /// The jackknife of Haas and Stokes: values met once in the sample tell how many were not met at all.
    /// </summary>
    private double EstimateDistinct(ReadOnlySpan<int> ordinals)
    {
        Dictionary<int, int> seen = [];
        using var key = new ByteWriter();
        int counted = 0;
        for (int row = 0; row < sample.RowCount; row++)
        {
            if (!TryEncode(key, ordinals, row))
                continue;
            var hash = new HashCode();
            hash.AddBytes(key.Written);
            int code = hash.ToHashCode();
            seen[code] = seen.GetValueOrDefault(code) + 1;
            counted++;
        }

        if (counted == 0)
            return 1;
        if (IsWhole)
            return seen.Count;
        int once = 0;
        foreach (int times in seen.Values)
            once += times == 1 ? 1 : 0;
        double present = rowCount * counted / sample.RowCount;
        double estimate = (double)counted * seen.Count / (counted - once + (once * counted / present));
        return Math.Clamp(estimate, seen.Count, Math.Max(seen.Count, present));
    }

    private bool TryEncode(ByteWriter key, ReadOnlySpan<int> ordinals, int row)
    {
        key.Clear();
        foreach (int ordinal in ordinals)
        {
            ColumnVector column = sample.Column(ordinal);
            if (!IsSampled(column.Type) || column.IsNull(row))
                return false;
            KeyEncoder.Append(key, column, row);
        }

        return true;
    }
}
