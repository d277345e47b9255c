using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>
/// GROUP_CONCAT: the rows of a group joined by a separator, in the order asked for. Arguments are the parts, already
/// text, then the sort keys. Rows with a NULL part do not count. Cut at group_concat_max_len with a warning.
/// </summary>
internal sealed class ConcatState(int partCount, bool[] descending, byte[] separator) : AggregateState
{
    /// <summary>Bytes of an entry besides its text and key: the objects, and its place in the list.</summary>
    private const int EntryLength = 104;

    private GroupedArray<List<Entry>?> _entries = new();
    private long _sequence;
    private long _heldLength;

    public override long HeldLength => _heldLength;

    public override void Reset()
    {
        _entries.Reset();
        _sequence = 0;
        _heldLength = 0;
    }

    public override void EnsureGroups(int count) => _entries.Ensure(count);

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (AnyNull(arguments[..partCount], row))
                continue;
            using var text = new ByteWriter();
            for (int part = 0; part < partCount; part++)
                text.Write(arguments[part].GetBytes(row));
            var entry = new Entry(text.Written.ToArray(), SortKey(arguments[partCount..], row), _sequence++);
            (_entries[groups[row]] ??= []).Add(entry);
            _heldLength += EntryLength + entry.Text.Length + entry.SortKey.Length;
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row)
    {
        if (_entries[group] is not { } entries)
        {
            result.SetNull(row);
            return;
        }

        if (descending.Length > 0)
            entries.Sort(Compare);
        using var joined = new ByteWriter();
        for (int i = 0; i < entries.Count; i++)
        {
            if (i > 0)
                joined.Write(separator);
            joined.Write(entries[i].Text);
            if (joined.Length > context.GroupConcatLengthMax)
            {
                context.Warn(new SqlError(1260, "HY000", $"Row {i + 1} was cut by GROUP_CONCAT()"));
                joined.Truncate(CharacterBoundary(joined.Written, (int)context.GroupConcatLengthMax));
                break;
            }
        }

        result.SetBytes(row, joined.Written);
    }

    private static int CharacterBoundary(ReadOnlySpan<byte> text, int length)
    {
        while (length > 0 && (text[length] & 0xC0) == 0x80)
            length--;
        return length;
    }

    private static int Compare(Entry left, Entry right)
    {
        int order = left.SortKey.AsSpan().SequenceCompareTo(right.SortKey);
        return order != 0 ? order : left.Sequence.CompareTo(right.Sequence);
    }

    private byte[] SortKey(ReadOnlySpan<ColumnVector> keys, int row)
    {
        if (keys.IsEmpty)
            return [];
        using var encoded = new ByteWriter();
        for (int i = 0; i < keys.Length; i++)
        {
            int start = encoded.Length;
            KeyEncoder.Append(encoded, keys[i], row);
            if (!descending[i])
                continue;
            foreach (ref byte part in encoded.WrittenSpan[start..])
                part = (byte)~part;
        }

        return encoded.Written.ToArray();
    }

    private sealed record Entry(byte[] Text, byte[] SortKey, long Sequence);
}
