using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>Lets each combination of argument values pass once per group to the state it wraps; rows with a NULL never.</summary>
internal sealed class DistinctState(AggregateState inner, int keyCount) : AggregateState, IDisposable
{
    /// <summary>Bytes of a combination besides its own: the array and its place in the set.</summary>
    private const int EntryLength = 48;

    private readonly HashSet<byte[]> _seen = new(ByteArrayComparer.Instance);
    private readonly ByteWriter _key = new();
    private long _heldLength;

    public override long HeldLength => _heldLength + inner.HeldLength;

    public override void Reset()
    {
        _seen.Clear();
        _heldLength = 0;
        inner.Reset();
    }

    public override void EnsureGroups(int count) => inner.EnsureGroups(count);

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        int[] kept = context.RentPositions();
        int keptCount = 0;
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (IsNew(arguments[..keyCount], row, groups[row]))
                kept[keptCount++] = row;
        }

        RowBatch.SavedSelection saved = input.Save();
        input.Select(kept, keptCount);
        inner.Update(context, input, arguments, groups);
        input.Restore(saved);
        context.ReturnPositions();
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row) =>
        inner.Finish(context, group, result, row);

    public void Dispose() => _key.Dispose();

    private bool IsNew(ReadOnlySpan<ColumnVector> arguments, int row, int group)
    {
        _key.Clear();
        _key.WriteUInt32((uint)group);
        foreach (ColumnVector argument in arguments)
        {
            if (argument.IsNull(row))
                return false;
            KeyEncoder.Append(_key, argument, row);
        }

        if (!_seen.GetAlternateLookup<ReadOnlySpan<byte>>().Add(_key.Written))
            return false;
        _heldLength += EntryLength + _key.Length;
        return true;
    }
}
