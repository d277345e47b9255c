using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Groups by hash: a row's encoded keys give its group's number, and each aggregate keeps a state per number. Groups come
/// out in the order in which they appeared; with ROLLUP every prefix of the keys has groups too, and all come out sorted.
/// Once memory is used up no group is added: the groups that are there go on taking their rows, and the other rows wait on the
/// disk, with the values that were computed of them, until those groups are out (<see cref="SpillPartitions"/>).
/// </summary>
internal sealed class GroupOperator : Operator
{
    /// <summary>Bytes that one group's state of an aggregate is counted with, besides <see cref="AggregateState.HeldLength"/>.</summary>
    private const long StateLength = 48;

    private readonly Operator _input;
    private readonly GroupNode _node;
    private readonly AggregateState[] _states;
    private readonly KeyTable _groups = new();
    private readonly RowStore _heads;
    private readonly RowBatch _head;
    private readonly int[] _headColumns;
    private readonly Expression[] _wideItems;
    private readonly RowBatch _wide;
    private readonly ByteWriter _key = new();
    private readonly RowBatch _output;
    private readonly int[] _numbers = new int[RowBatch.RowCountMax];
    private int[] _positions = [];
    private int[] _order = [];
    private readonly List<int> _levels = [];   // of each group of ROLLUP: how many trailing keys it left out
    private SpillPartitions? _parts;
    private bool _isFrozen;
    private long _frozenLength;
    private int _count;
    private int _next;

    public GroupOperator(Operator input, GroupNode node)
    {
        _input = input;
        _node = node;
        _states = new AggregateState[node.Functions.Length];
        for (int i = 0; i < _states.Length; i++)
            _states[i] = node.Functions[i].CreateState();

        int headCount = node.Keys.Length + node.Carried.Length;
        _headColumns = new int[headCount];
        for (int i = 0; i < headCount; i++)
            _headColumns[i] = i;
        var headTypes = new SqlType[headCount];
        for (int i = 0; i < headCount; i++)
            headTypes[i] = node.Shape.Types[node.HeadSlots[i]];
        _heads = new RowStore(headTypes);
        _head = new RowBatch(headTypes, 1);
        _output = new RowBatch([.. node.Shape.Types]);
        _wideItems = [.. node.Expressions];
        _wide = new RowBatch(new ColumnVector[_wideItems.Length]);
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (_next == _count)
        {
            if (_parts is null || !TakePart(_parts))
                return null;
        }

        _output.Reset();
        int filled = 0;
        for (; filled < RowBatch.RowCountMax && _next < _count; filled++)
        {
            int group = _node.HasRollup ? _order[_next] : _next;
            _next++;
            if (_node.RollupSlot >= 0)
                _output.Column(_node.RollupSlot).SetInt64(filled, group < _levels.Count ? _levels[group] : 0);
            if (group < _heads.Count)
                _heads.CopyTo(group, _output, filled, _node.HeadSlots);
            else
                SetHeadNull(filled);
            for (int i = 0; i < _states.Length; i++)
                _states[i].Finish(Context.Evaluation, group, _output.Column(_node.FunctionSlots[i]), filled);
        }

        _output.RowCount = filled;
        return _output;
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
        while (_input.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            int levels = _node.HasRollup ? _node.Keys.Length : 0;
            if (_isFrozen)
                TakeComputed(batch);
            for (int dropped = 0; dropped <= levels && !_isFrozen; dropped++)
                Take(batch, _node.Keys.Length - dropped);
            CountMemory();
        }

        if (_node.Keys.Length == 0 && _groups.Count == 0)
        {
            _groups.GetOrAdd([], out _);
            foreach (AggregateState state in _states)
                state.EnsureGroups(1);
        }

        _count = _groups.Count;
        if (_node.HasRollup)
            SortGroups();
    }

    private void CountMemory()
    {
        long held = _groups.HeldLength + _heads.HeldLength + (StateLength * _states.Length * (long)_groups.Count);
        foreach (AggregateState state in _states)
            held += state.HeldLength;
        if (_node.HasRollup || (_isFrozen && held > _frozenLength + StatementMemory.WorkingLength))
        {
            // What ROLLUP keeps, and what grows within groups (GROUP_CONCAT), can only stay or fail.
            Hold(held);
            _frozenLength = held;
        }
        else if (!_isFrozen && !TryHold(held))
        {
            _isFrozen = true;
            _frozenLength = held;
        }
    }

    /// <summary>Groups the rows of the next partition; false where none waits.</summary>
    private bool TakePart(SpillPartitions parts)
    {
        LetGo();
        if (!parts.NextPart())
            return false;
        while (parts.Read() is { } rows)
        {
            TakeWide(rows);
            CountMemory();
        }

        _count = _groups.Count;
        return true;
    }

    /// <summary>Computes all values of an input's rows, so that they can be put aside, and takes them.</summary>
    private void TakeComputed(RowBatch batch)
    {
        ReadOnlySpan<ColumnVector> values = Context.Evaluation.RentAll(_wideItems, batch);
        for (int i = 0; i < values.Length; i++)
            _wide.SetColumn(i, values[i]);
        _wide.RowCount = batch.RowCount;
        _wide.Restore(batch.Save());
        TakeWide(_wide);
        Context.Evaluation.Return(_wideItems.Length);
    }

    /// <summary>Takes rows of computed values: keys, what is carried, and the aggregates' arguments.</summary>
    private void TakeWide(RowBatch rows)
    {
        if (_positions.Length < RowBatch.RowCountMax)
            _positions = new int[RowBatch.RowCountMax];
        int kept = 0;
        for (int i = 0; i < rows.SelectedCount; i++)
        {
            int row = rows.RowAt(i);
            _key.Clear();
            RowKeyWriter.AppendLeading(rows, row, _node.Keys.Length, _key);
            bool isNew = false;
            int number = _isFrozen ? _groups.Find(_key.Written) : _groups.GetOrAdd(_key.Written, out isNew);
            if (isNew)
                _heads.Add(rows, row, _headColumns);
            if (number < 0)
            {
                _parts ??= new SpillPartitions(Context, Measure, rows);
                _parts.Add(_key.Written, rows, row);
                continue;
            }

            _numbers[row] = number;
            _positions[kept++] = row;
        }

        rows.Select(_positions, kept);
        int first = _headColumns.Length;
        for (int i = 0; i < _states.Length; i++)
        {
            int count = _node.Functions[i].Arguments.Length;
            _states[i].EnsureGroups(_groups.Count);
            _states[i].Update(Context.Evaluation, rows, rows.Columns.Slice(first, count), _numbers);
            first += count;
        }
    }

    private void Take(RowBatch batch, int keyCount)
    {
        EvaluationContext evaluation = Context.Evaluation;
        ReadOnlySpan<ColumnVector> keys = evaluation.RentAll(_node.Keys, batch);
        int count = batch.SelectedCount;
        for (int i = 0; i < count; i++)
        {
            int row = batch.RowAt(i);
            _key.Clear();
            for (int key = 0; key < keyCount; key++)
                KeyEncoder.Append(_key, keys[key], row);
            if (_node.HasRollup)
            {
                // A group of a shorter prefix comes after all groups that share it.
                for (int key = keyCount; key < keys.Length; key++)
                    _key.WriteByte(0xFF);
            }

            int number = _groups.GetOrAdd(_key.Written, out bool isNew);
            _numbers[row] = number;
            if (isNew)
                AddHead(batch, row, keys, keyCount);
        }

        evaluation.Return(_node.Keys.Length);
        for (int i = 0; i < _states.Length; i++)
            Update(i, batch);
    }

    private void AddHead(RowBatch batch, int row, ReadOnlySpan<ColumnVector> keys, int keyCount)
    {
        _head.Reset();
        for (int i = 0; i < keys.Length; i++)
        {
            if (i < keyCount)
                _head.Column(i).CopyRow(keys[i], row, 0);
            else
                _head.Column(i).SetNull(0);
        }

        if (_node.Carried.Length > 0)
        {
            RowBatch.SavedSelection saved = batch.Save();
            _positions = _positions.Length == 0 ? new int[1] : _positions;
            _positions[0] = row;
            batch.Select(_positions, 1);
            for (int i = 0; i < _node.Carried.Length; i++)
            {
                ColumnVector value = Context.Evaluation.RentValue(_node.Carried[i], batch);
                _head.Column(keys.Length + i).CopyRow(value, row, 0);
                Context.Evaluation.Return();
            }

            batch.Restore(saved);
        }

        _head.RowCount = 1;
        _heads.Add(_head, 0, _headColumns);
        if (_node.RollupSlot >= 0)
            _levels.Add(keys.Length - keyCount);
    }

    private void Update(int index, RowBatch batch)
    {
        EvaluationContext evaluation = Context.Evaluation;
        AggregateState state = _states[index];
        state.EnsureGroups(_groups.Count);
        ReadOnlySpan<Expression> arguments = _node.Functions[index].Arguments;
        ReadOnlySpan<ColumnVector> values = evaluation.RentAll(arguments, batch);
        state.Update(evaluation, batch, values, _numbers);
        evaluation.Return(arguments.Length);
    }

    private void SortGroups()
    {
        _order = new int[_count];
        for (int i = 0; i < _count; i++)
            _order[i] = i;
        _order.AsSpan().Sort((left, right) => _groups.KeyAt(left).SequenceCompareTo(_groups.KeyAt(right)));
    }

    private void SetHeadNull(int row)
    {
        foreach (int slot in _node.HeadSlots)
            _output.Column(slot).SetNull(row);
    }

    private void Forget()
    {
        LetGo();
        _parts?.Dispose();
        _parts = null;
    }

    private void LetGo()
    {
        _groups.Clear();
        _heads.Clear();
        _levels.Clear();
        foreach (AggregateState state in _states)
            state.Reset();
        Hold(0);
        _isFrozen = false;
        _count = 0;
        _next = 0;
    }
}
