using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Join by equal keys: all right rows go into a table by key; then left rows look their partners up. Without keys every right row is
/// a partner of every left row and the conditions decide. Right rows that are more than memory go to the disk, and then the left
/// rows too, to be joined part by part (<see cref="JoinSpill"/>).
/// </summary>
internal sealed class HashJoinOperator : JoinOperator
{
    private const int CheckedLength = 64 * 1024;

    private readonly JoinNode _node;
    private readonly Operator _left;
    private readonly Operator _right;
    private readonly SqlType[] _rightTypes;
    private readonly JoinTable _table;
    private readonly int[] _tableColumns;
    private readonly ByteWriter _key = new();
    private JoinSpill? _spill;
    private RowBatch? _spilledLeft;
    private RowBatch? _spilledRight;
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
        bool keepsRows = !HasKeys || !IsFirstPartnerEnough;
        _rightTypes = keepsRows ? rightTypes : [];
        _table = new JoinTable(_rightTypes, HasKeys, keepsRows);
        _tableColumns = new int[_rightTypes.Length];
        for (int i = 0; i < _tableColumns.Length; i++)
            _tableColumns[i] = i;
    }

    private bool HasKeys => _node.LeftKeys.Length > 0;

    /// <summary>True where a left row that finds nobody does not come out.</summary>
    private bool NeedsPartner => _node.Result is JoinResult.Pairs or JoinResult.Matched;

    /// <summary>Where the columns of the table come from in a right batch.</summary>
    private ReadOnlySpan<int> RightColumns => _node.RightSlots.AsSpan(0, _tableColumns.Length);

    /// <inheritdoc/>
    protected override bool IsLastPass => _spill is null || _spill.IsLastPass;

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
    protected override RowBatch? ReadLeft() => _spill is null ? _left.Next() : ReadSpilledLeft(_spill);

    /// <inheritdoc/>
    protected override void EndPass(ReadOnlySpan<bool> matched) => _spill!.KeepMatches(matched);

    /// <inheritdoc/>
    protected override void Begin(RowBatch leftBatch)
    {
        int count = leftBatch.SelectedCount;
        if (_spill is not null)
        {
            for (int i = 0; i < count; i++)
            {
                if (_spill.IsMatched(i))
                    Match(i);
            }
        }
        else if (HasKeys)
        {
            EnsureLeftFirst(count);
            ReadOnlySpan<ColumnVector> keys = Context.Evaluation.RentAll(_node.LeftKeys, leftBatch);
            for (int i = 0; i < count; i++)
                _leftFirst[i] = EncodeKey(keys, leftBatch.RowAt(i)) ? _table.FirstOf(_key.Written) : -1;
            Context.Evaluation.Return(_node.LeftKeys.Length);
        }
        else
        {
            EnsureLeftFirst(count);
            _leftFirst.AsSpan(0, count).Fill(_table.FirstOf([]));
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

            Output.Add(leftBatch, leftBatch.RowAt(_leftIndex), _leftIndex, _table.Rows, _rightRow);
            _rightRow = _table.NextOf(_rightRow);
        }
    }

    private void Forget()
    {
        _table.Clear();
        Hold(0);
        _spill?.Dispose();
        _spill = null;
        _isBuilt = false;
        Restart();
    }

    private void Build()
    {
        _isBuilt = true;
        while (_right.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            AddRight(batch);
            if (_spill is not null || TryHold(_table.HeldLength))
                continue;
            _spill = new JoinSpill(Context, Measure, _node.LeftSlots, NeedsPartner);
            _table.CopyTo(_spill, _tableColumns);
            _table.Clear();
            Hold(0);
        }

        if (_spill is not null)
            SpillLeft(_spill);
    }

    private void AddRight(RowBatch batch)
    {
        ReadOnlySpan<ColumnVector> keys = Context.Evaluation.RentAll(_node.RightKeys, batch);
        int count = batch.SelectedCount;
        for (int i = 0; i < count; i++)
        {
            int row = batch.RowAt(i);
            if (!EncodeKey(keys, row))
                continue;
            if (_spill is null)
                _table.Add(_key.Written, batch, row, RightColumns);
            else
                _spill.AddRight(_key.Written, batch, row, RightColumns);
        }

        Context.Evaluation.Return(_node.RightKeys.Length);
    }

    private void SpillLeft(JoinSpill spill)
    {
        while (_left.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            ReadOnlySpan<ColumnVector> keys = Context.Evaluation.RentAll(_node.LeftKeys, batch);
            int count = batch.SelectedCount;
            for (int i = 0; i < count; i++)
            {
                bool hasKey = EncodeKey(keys, batch.RowAt(i));
                if (hasKey || !NeedsPartner)
                    spill.AddLeft(hasKey ? _key.Written : [], batch, batch.RowAt(i));
            }

            Context.Evaluation.Return(_node.LeftKeys.Length);
        }

        spill.Finish(HasKeys);
        EnsureLeftFirst(RowBatch.RowCountMax);
        _spilledLeft ??= OperatorBuilder.Batch(_node.Shape, _node.LeftSlots, RowBatch.RowCountMax);
        _spilledRight ??= new RowBatch(_rightTypes, 1);
    }

    /// <summary>Left rows from the disk, with the part or block of right rows that they meet in memory.</summary>
    private RowBatch? ReadSpilledLeft(JoinSpill spill)
    {
        while (spill.ReadLeft(_spilledLeft!, _leftFirst, _table) == 0)
        {
            if (!spill.IsLastPass)
                spill.BeginPass(TryLoad(spill));
            else if (!BeginPart(spill))
                return null;
        }

        return _spilledLeft;
    }

    private bool BeginPart(JoinSpill spill)
    {
        while (spill.NextPart())
        {
            bool fits = TryLoad(spill);
            if (fits || !spill.CanDivide)
            {
                spill.BeginPass(fits);
                return true;
            }

            spill.Divide();
        }

        _table.Clear();
        Hold(0);
        return false;
    }

    /// <summary>Fills the table with the part's next right rows; false where memory was used up before they ended.</summary>
    private bool TryLoad(JoinSpill spill)
    {
        _table.Clear();
        int length = 0;
        while (spill.Right is { } right && right.Read())
        {
            _spilledRight!.Reset();
            right.CopyTo(_spilledRight, 0, _tableColumns);
            _table.Add(right.Key, _spilledRight, 0, _tableColumns);
            length += right.RowLength;
            if (length < CheckedLength)
                continue;
            length = 0;
            Context.ThrowIfStopped();
            if (!TryHold(_table.HeldLength))
                return false;
        }

        return true;
    }

    private void EnsureLeftFirst(int count)
    {
        if (_leftFirst.Length < count)
            _leftFirst = new int[RowBatch.RowCountMax];
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
