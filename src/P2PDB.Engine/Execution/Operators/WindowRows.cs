using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Windows;
using P2PDB.Engine.Planning.Windows;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>A partition as one call sees it: its arguments and its frame.</summary>
internal sealed class WindowRows(WindowPartition partition, WindowCall call, Action countMemory) : IWindowRows
{
    private readonly int[] _positions = new int[RowBatch.RowCountMax];
    private readonly ByteWriter _value = new();
    private readonly ByteWriter _key = new();
    private StatementContext _context = null!;
    private long _startDistance;
    private long _endDistance;

    /// <inheritdoc/>
    public int Count => partition.Count;

    private WindowFrameBinding Frame => call.Frame;

    /// <summary>Starts an execution: distances of ROWS are the same for all rows of it.</summary>
    public void Open(StatementContext context)
    {
        _context = context;
        _startDistance = DistanceOf(Frame.Start.RowCount);
        _endDistance = DistanceOf(Frame.End.RowCount);
        CheckDistance(Frame.Start.Distance);
        CheckDistance(Frame.End.Distance);
    }

    /// <inheritdoc/>
    public int PeerStart(int row) => partition.PeerStart(row);

    /// <inheritdoc/>
    public int PeerEnd(int row) => partition.PeerEnd(row);

    /// <inheritdoc/>
    public int PeerNumber(int row) => partition.PeerNumber(row);

    /// <inheritdoc/>
    public void ThrowIfStopped()
    {
        _context.ThrowIfStopped();
        countMemory();
    }

    /// <inheritdoc/>
    public ColumnVector Argument(int index, int row, out int place) => partition.Vector(call.FirstArgument + index, row, out place);

    /// <inheritdoc/>
    public int Select(int first, int end, out RowBatch batch, out ReadOnlySpan<ColumnVector> arguments)
    {
        batch = partition.BatchOf(first, out int place);
        int count = Math.Min(end - first, RowBatch.RowCountMax - place);
        for (int i = 0; i < count; i++)
            _positions[i] = place + i;
        batch.Select(_positions, count);
        arguments = batch.Columns.Slice(call.FirstArgument, call.Function.Arguments.Length);
        return count;
    }

    /// <inheritdoc/>
    public int FrameStart(int row, out int end)
    {
        end = Frame.End.Kind switch
        {
            WindowBoundKind.UnboundedFollowing => Count,
            WindowBoundKind.CurrentRow => Frame.IsOfRows ? row + 1 : PeerEnd(row),
            _ when !Frame.IsOfRows => Find(Frame.End, row, isEnd: true),
            WindowBoundKind.Preceding => (int)Math.Max(0, row + 1 - _endDistance),
            _ => (int)Math.Min(Count, row + 1 + _endDistance),
        };
        return Frame.Start.Kind switch
        {
            WindowBoundKind.UnboundedPreceding => 0,
            WindowBoundKind.CurrentRow => Frame.IsOfRows ? row : PeerStart(row),
            _ when !Frame.IsOfRows => Find(Frame.Start, row, isEnd: false),
            WindowBoundKind.Preceding => (int)Math.Max(0, row - _startDistance),
            _ => (int)Math.Min(Count, row + _startDistance),
        };
    }

    private void CheckDistance(Expression? distance)
    {
        if (distance is not null && WindowFrameEnd.IsNegativeOrNull(_context.Evaluation, distance))
            throw WindowErrors.FrameBounds(Frame.WindowName).ToException();
    }

    private long DistanceOf(Expression? distance)
    {
        if (distance is null)
            return 0;
        SqlValue value = _context.Evaluation.EvaluateConstant(distance);
        if (value.IsNull || !value.Type.IsInteger || (value.Int64 < 0 && !value.Type.IsUnsigned))
            throw WindowErrors.FrameBounds(Frame.WindowName).ToException();
        return value.Int64 is >= 0 and <= int.MaxValue ? value.Int64 : int.MaxValue;
    }

    /// <summary>
    /// Where an end of RANGE lies: at the first row whose key is not before its value, or behind the last one whose key is not after it.
    /// Without a value for a row with a key, the distance left the type's range.
    /// </summary>
    private int Find(WindowFrameEnd frameEnd, int row, bool isEnd)
    {
        if (IsNull(frameEnd.ValueColumn, row))
        {
            if (IsNull(Frame.KeyColumn, row))
                return isEnd ? PeerEnd(row) : PeerStart(row);
            return frameEnd.Kind == WindowBoundKind.Preceding ? 0 : Count;
        }

        Encode(frameEnd.ValueColumn, row, _value);
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            Encode(Frame.KeyColumn, middle, _key);
            int order = _key.Written.SequenceCompareTo(_value.Written);
            if (order < 0 || (isEnd && order == 0))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private bool IsNull(int column, int row) => partition.Vector(column, row, out int place).IsNull(place);

    private void Encode(int column, int row, ByteWriter target)
    {
        target.Clear();
        RowKeyWriter.Append(partition.Vector(column, row, out int place), place, Frame.IsDescending, target);
    }
}
