using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>
/// An aggregate over the frame. While frames only grow, as those that begin with the partition do, each row is taken in once; a frame
/// that begins elsewhere than the one before is computed anew.
/// </summary>
internal sealed class WindowAggregate(AggregateFunction aggregate)
    : WindowFunction(aggregate.Type, aggregate.Arguments.ToArray(), aggregate.IsNullable)
{
    public override bool UsesFrame => true;

    public override WindowState CreateState() => new State(aggregate.CreateState());

    private sealed class State(AggregateState state) : WindowState
    {
        private static readonly int[] OneGroup = new int[RowBatch.RowCountMax];
        private int _start;
        private int _end;

        public override long HeldLength => state.HeldLength;

        public override void Begin() => Restart(0);

        public override void Compute(EvaluationContext context, IWindowRows rows, int row, ColumnVector result, int target)
        {
            int start = rows.FrameStart(row, out int end);
            end = Math.Max(start, end);
            if (start != _start || end < _end)
                Restart(start);
            while (_end < end)
            {
                rows.ThrowIfStopped();
                int count = rows.Select(_end, end, out RowBatch batch, out ReadOnlySpan<ColumnVector> arguments);
                state.Update(context, batch, arguments, OneGroup);
                batch.SelectAll();
                _end += count;
            }

            state.Finish(context, 0, result, target);
        }

        private void Restart(int start)
        {
            state.Reset();
            state.EnsureGroups(1);
            (_start, _end) = (start, start);
        }
    }
}
