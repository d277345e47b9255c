using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Join by equal keys: all right rows go into a table by key, rows of one key chained in the order they came; then left
/// rows look their partners up. Without keys every right row is a partner of every left row and the conditions decide.
/// </summary>
internal sealed class HashJoinOperator : JoinOperator
{
    private readonly JoinNode _node;
    private readonly Operator _left;
    private readonly Operator _right;
    private readonly RowStore _rows;
    private readonly KeyTable _keys = new();
    private readonly List<int> _firstOfKey = [];
    private readonly List<int> _lastOfKey = [];
    private readonly List<int> _nextOfRow = [];
    private readonly ByteWriter _key = new();
    private int[] _leftFirst = [];
    private int _leftIndex;
    private int _rightRow;
    private bool _isBuilt;

    public HashJoinOperator(JoinNode node, Operator left, Operator right, RowBatch output, SqlType[] rightTypes)
        : base(node, left, output)
    {
        _node = node;
        _left = left;
        _right = right;
        _rows = new RowStore(rightTypes);
    }

    private bool HasKeys => _node.LeftKeys.Length > 0;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        if (!_isBuilt)
            Build();
        return base.NextCore();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        Forget();
        _left.Close();
        _right.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Forget();
        _right.Open(Context);
        _left.Open(Context);
    }

    /// <inheritdoc/>
    protected override void Begin(RowBatch leftBatch)
    {
        int count = leftBatch.SelectedCount;
        if (_leftFirst.Length < count)
            _leftFirst = new int[RowBatch.RowCountMax];
        if (HasKeys)
        {
            ReadOnlySpan<ColumnVector> keys = Context.Evaluation.RentAll(_node.LeftKeys, leftBatch);
            for (int i = 0; i < count; i++)
            {
                int number = EncodeKey(keys, leftBatch.RowAt(i)) ? _keys.Find(_key.Written) : -1;
                _leftFirst[i] = number < 0 || IsFirstPartnerEnough ? number : _firstOfKey[number];
            }

            Context.Evaluation.Return(_node.LeftKeys.Length);
        }
        else
        {
            _leftFirst.AsSpan(0, count).Fill(_rows.Count > 0 ? 0 : -1);
        }

        _leftIndex = 0;
        _rightRow = _leftFirst[0];
    }

    /// <inheritdoc/>
    protected override bool Fill(RowBatch leftBatch)
    {
        int count = leftBatch.SelectedCount;
        while (true)
        {
            while (_rightRow < 0)
            {
                if (++_leftIndex >= count)
                    return true;
                _rightRow = _leftFirst[_leftIndex];
            }

            if (IsFirstPartnerEnough)
            {
                Match(_leftIndex);
                _rightRow = -1;
                continue;
            }

            if (IsDecided(_leftIndex))
            {
                _rightRow = -1;
                continue;
            }

            if (Output.IsFull)
            {
                Context.ThrowIfStopped();
                return false;
            }

            Output.Add(leftBatch, leftBatch.RowAt(_leftIndex), _leftIndex, _rows, _rightRow);
            _rightRow = HasKeys ? _nextOfRow[_rightRow] : _rightRow + 1 < _rows.Count ? _rightRow + 1 : -1;
        }
    }

    private void Forget()
    {
        _rows.Clear();
        _keys.Clear();
        _firstOfKey.Clear();
        _lastOfKey.Clear();
        _nextOfRow.Clear();
        Hold(0);
        _isBuilt = false;
        Restart();
    }

    private void Build()
    {
        _isBuilt = true;
        while (_right.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            int count = batch.SelectedCount;
            if (!HasKeys)
            {
                for (int i = 0; i < count; i++)
                    _rows.Add(batch, batch.RowAt(i), _node.RightSlots);
                Hold(_rows.HeldLength);
                continue;
            }

            ReadOnlySpan<ColumnVector> keys = Context.Evaluation.RentAll(_node.RightKeys, batch);
            for (int i = 0; i < count; i++)
            {
                int row = batch.RowAt(i);
                if (!EncodeKey(keys, row))
                    continue;
                int number = _keys.GetOrAdd(_key.Written, out bool isNew);
                if (IsFirstPartnerEnough)
                    continue;
                Chain(number, isNew, _rows.Count);
                _rows.Add(batch, row, _node.RightSlots);
            }

            Context.Evaluation.Return(_node.RightKeys.Length);
            Hold(_rows.HeldLength + _keys.HeldLength + (sizeof(int) * ((long)_nextOfRow.Capacity + (2L * _firstOfKey.Capacity))));
        }
    }

    private void Chain(int number, bool isNew, int row)
    {
        _nextOfRow.Add(-1);
        if (isNew)
        {
            _firstOfKey.Add(row);
            _lastOfKey.Add(row);
            return;
        }

        _nextOfRow[_lastOfKey[number]] = row;
        _lastOfKey[number] = row;
    }

    private bool EncodeKey(ReadOnlySpan<ColumnVector> keys, int row)
    {
        _key.Clear();
        foreach (ColumnVector key in keys)
        {
            if (key.IsNull(row))
                return false;
            KeyEncoder.Append(_key, key, row);
        }

        return true;
    }
}
