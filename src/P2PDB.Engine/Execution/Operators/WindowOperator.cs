using P2PDB.Engine.Expressions.Windows;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Windows;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Takes the rows of one partition after the other, which come sorted, and gives them out with the values of the functions. A
/// partition is held in memory while its rows are given out: error 1038 where it is larger than a statement may hold.
/// </summary>
internal sealed class WindowOperator : Operator
{
    /// <summary>Rows between two looks at memory and interruptions while a partition is taken.</summary>
    private const int CheckedRowCount = RowBatch.RowCountMax;

    /// <summary>Bytes of results from which on a batch is not filled further: each may be as long as the partition.</summary>
    private const int OutputLengthMax = 8 << 20;

    private readonly Operator _input;
    private readonly WindowNode _node;
    private readonly WindowPartition _partition;
    private readonly WindowRows[] _rows;
    private readonly WindowState[] _states;
    private readonly int[] _inputColumns;
    private readonly RowBatch _output;
    private readonly ByteWriter _key = new();
    private readonly ByteWriter _partitionKey = new();
    private RowBatch? _batch;
    private int _batchIndex;
    private int _next;

    public WindowOperator(Operator input, WindowNode node, RowBatch output)
    {
        _input = input;
        _node = node;
        _output = output;
        _partition = new WindowPartition(node);
        _rows = new WindowRows[node.Calls.Length];
        _states = new WindowState[node.Calls.Length];
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] = new WindowRows(_partition, node.Calls[i], CountMemory);
            _states[i] = node.Calls[i].Function.CreateState();
        }

        _inputColumns = new int[node.InputSlots.Length];
        for (int i = 0; i < _inputColumns.Length; i++)
            _inputColumns[i] = i;
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        _output.Reset();
        int filled = 0;
        while (filled < RowBatch.RowCountMax && (filled == 0 || OutputLength() < OutputLengthMax) && (_next < _partition.Count || TakePartition()))
        {
            if ((filled & 0x3F) == 0)
                Context.ThrowIfStopped();
            _partition.CopyTo(_next, _output, filled, _inputColumns, _node.InputSlots);
            for (int i = 0; i < _states.Length; i++)
                _states[i].Compute(Context.Evaluation, _rows[i], _next, _output.Column(_node.Calls[i].Slot), filled);
            _next++;
            filled++;
        }

        CountMemory();
        _output.RowCount = filled;
        return filled > 0 ? _output : null;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        Forget();
        _input.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Forget();
        _input.Open(Context);
        foreach (WindowRows rows in _rows)
            rows.Open(Context);
        NextInput();
    }

    private void NextInput()
    {
        _batch = _input.Next();
        _batchIndex = 0;
    }

    /// <summary>Takes the next partition; false where there is none.</summary>
    private bool TakePartition()
    {
        _partition.Clear();
        _next = 0;
        while (_batch is not null)
        {
            int row = _batch.RowAt(_batchIndex);
            _key.Clear();
            for (int i = 0; i < _node.PartitionCount; i++)
                KeyEncoder.Append(_key, _batch.Column(_inputColumns.Length + i), row);
            if (_partition.Count > 0 && !_key.Written.SequenceEqual(_partitionKey.Written))
                break;
            if (_partition.Count == 0)
            {
                _partitionKey.Clear();
                _partitionKey.Write(_key.Written);
            }

            _partition.Add(_batch, row);
            if (_partition.Count % CheckedRowCount == 0)
            {
                Context.ThrowIfStopped();
                CountMemory();
            }

            if (++_batchIndex == _batch.SelectedCount)
                NextInput();
        }

        _partition.End();
        CountMemory();
        foreach (WindowState state in _states)
            state.Begin();
        return _partition.Count > 0;
    }

    private void CountMemory()
    {
        long held = _partition.HeldLength + OutputLength();
        foreach (WindowState state in _states)
            held += state.HeldLength;
        Hold(held);
    }

    private long OutputLength()
    {
        long length = 0;
        foreach (WindowCall call in _node.Calls)
            length += _output.Column(call.Slot).HeldLength;
        return length;
    }

    private void Forget()
    {
        _partition.Clear();
        foreach (WindowState state in _states)
            state.Begin();
        _batch = null;
        _next = 0;
        Hold(0);
    }
}
