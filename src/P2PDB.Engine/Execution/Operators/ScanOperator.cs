using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Rows of a table by an access path, decoded in place into the slots that the statement uses. Through an index other
/// than the primary key each entry leads to its row.
/// </summary>
internal sealed class ScanOperator : Operator
{
    /// <summary>Rows of the first batch; each is twice the one before, so that a LIMIT 1 does not decode a thousand.</summary>
    private const int FirstBatchRowCount = 32;

    /// <summary>Keys that reads of one SERIALIZABLE transaction lock; further ones are watched, which costs no wait and no lock.</summary>
    private const int PinnedCountMax = 10_000;

    private readonly ScanNode _node;
    private readonly TableSchema _table;
    private readonly RowBatch _output;
    private readonly KeyRangeReader _ranges;
    private readonly RowFilter _filter;
    private readonly RecordBuffer _key = new();
    private readonly ByteWriter _indexKey = new();
    private readonly TreeId _tree;
    private readonly bool _isByIndex;
    private readonly LockMode _pointLock;
    private MergedCursor? _cursor;
    private ReadView _view = null!;
    private int _rangeIndex;
    private int _batchRowCount;
    private int _knownCount;   // records from the cursor on of which is known that they lie before the end of the range
    private bool _isInRange;
    private int[]? _lockedPositions;

    public ScanOperator(ScanNode node, RowBatch output)
    {
        _node = node;
        _table = node.Table;
        _output = output;
        _ranges = new KeyRangeReader(_table, node.Path);
        _filter = new RowFilter(node.Filters);
        _isByIndex = node.Path.Index is { IsPrimary: false };
        _tree = _isByIndex ? node.Path.Index!.Tree : _table.RowTree;
        // A scan with a slot for keys finds rows to change, unless it is one of FOR SHARE.
        _pointLock = node.KeySlot >= 0 && node.Lock != ScanLock.Shared ? LockMode.Exclusive : LockMode.Shared;
    }

    /// <summary>Starts an execution without a position: each <see cref="OpenAt"/> gives one.</summary>
    public void Prepare(StatementContext context)
    {
        Attach(context);
        _view = context.ViewFor(_node.Lock);
        _ranges.Ranges.Clear();
        _rangeIndex = 0;
    }

    /// <summary>Starts over at the ranges that one row of a join's left side names.</summary>
    public void OpenAt(RowBatch left, int row)
    {
        Measure?.BeginLoop();
        RowBatch.SavedSelection saved = left.Save();
        int[] positions = Context.Evaluation.RentPositions();
        positions[0] = row;
        left.Select(positions, 1);
        _ranges.Read(Context.Evaluation, left, row);
        left.Restore(saved);
        Context.Evaluation.ReturnPositions();
        Start();
        Measure?.Pause(0);
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (_rangeIndex < _ranges.Ranges.Count)
        {
            Context.ThrowIfStopped();
            Reset();
            int filled = _ranges.ArePoints && !_isByIndex ? FillPoints() : Fill();
            _batchRowCount = Math.Min(_batchRowCount * 2, RowBatch.RowCountMax);
            if (filled == 0)
                continue;
            Context.Session.Counters.Add(StatusCounter.InnodbRowsRead, filled);
            _output.RowCount = filled;
            if (!_filter.Narrow(Context.Evaluation, _output))
                continue;
            if (_node.Lock == ScanLock.None || LockRows())
                return _output;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _ranges.Ranges.Clear();
        _rangeIndex = 0;
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _view = Context.ViewFor(_node.Lock);
        _ranges.Read(Context.Evaluation, Context.Evaluation.OneRow, 0);
        Start();
    }

    private void Start()
    {
        if (_node.Path.IsDescending)
            _ranges.Ranges.Reverse();
        _rangeIndex = 0;
        _isInRange = false;
        // What is read ahead is locked ahead.
        _batchRowCount = _node.IsFirstRowEnough || _node.Lock != ScanLock.None ? 1 : FirstBatchRowCount;
        if (Context.WatchesReads && !(_ranges.ArePoints && !_isByIndex))
            WatchRanges();
    }

    private void Reset()
    {
        foreach (int slot in _node.Slots)
            _output.Column(slot).Reset(_output.Column(slot).Type);
        if (_node.KeySlot >= 0)
            _output.Column(_node.KeySlot).Reset(_output.Column(_node.KeySlot).Type);
        _output.SelectAll();
        _output.RowCount = 0;
    }

    /// <summary>Whole primary keys need no cursor.</summary>
    private int FillPoints()
    {
        int filled = 0;
        for (; _rangeIndex < _ranges.Ranges.Count && filled < RowBatch.RowCountMax; _rangeIndex++)
        {
            ReadOnlySpan<byte> key = _ranges.Start(_ranges.Ranges[_rangeIndex]);
            ReadView view = Context.WatchesReads ? Pin(key) : _view;
            if (view.TryGetRow(_table, key, out RowView row))
                Take(row, key, filled++);
        }

        return filled;
    }

    /// <summary>SERIALIZABLE locks a key, whether a row stands there or not, and reads what stands there then.</summary>
    private ReadView Pin(ReadOnlySpan<byte> key)
    {
        if (Context.Transaction.Owner.HeldCount >= PinnedCountMax)
        {
            Context.Transaction.WatchPoint(_view, _tree, key);
            return _view;
        }

        Context.LockRow(_table, key, _pointLock);
        return Context.HasNewerSnapshot(_view) ? Context.NewestView() : _view;
    }

    /// <summary>SERIALIZABLE commits only if no range that it has read has changed.</summary>
    private void WatchRanges()
    {
        foreach (ByteRange range in _ranges.Ranges)
        {
            Context.Transaction.WatchRange(
                _view, _tree, range.StartLength == 0 ? default : _ranges.Start(range), range.EndLength == 0 ? default : _ranges.End(range));
        }
    }

    private int Fill()
    {
        int filled = 0;
        int wanted = Math.Min(_batchRowCount, _output.Capacity);
        while (filled < wanted)
        {
            if (!(_isInRange ? Step() : Seek()))
            {
                _isInRange = false;
                if (++_rangeIndex == _ranges.Ranges.Count)
                    break;
                continue;
            }

            _isInRange = true;
            if (_isByIndex)
            {
                if (!ReadView.TryOpenIndexEntry(_cursor!, out ReadOnlySpan<byte> primaryKey))
                    continue;
                _key.Set(primaryKey);
                if (Context.WatchesReads)
                    Context.Transaction.WatchPoint(_view, _table.RowTree, _key.Span);
                // A row that the transaction wrote may stand under a key that the snapshot has and the version it wrote over had not.
                if (_view.TryGetRow(_table, _key.Span, out RowView row) && (!row.IsWritten || _cursor!.IsWritten || IsUnder(row, _cursor.Key)))
                    Take(row, _key.Span, filled++);
            }
            else if (ReadView.TryOpenRow(_table, _cursor!, out RowView row))
            {
                Take(row, _cursor!.Key, filled++);
            }
        }

        return filled;
    }

    private bool IsUnder(RowView row, ReadOnlySpan<byte> indexKey)
    {
        _indexKey.Clear();
        row.AppendKey(_indexKey, _node.Path.Index!);
        _indexKey.Write(_key.Span);
        return _indexKey.Written.SequenceEqual(indexKey);
    }

    private void Take(RowView row, ReadOnlySpan<byte> key, int place)
    {
        for (int i = 0; i < _node.Columns.Length; i++)
            row.CopyTo(_node.Columns[i], _output.Column(_node.Slots[i]), place);
        if (_node.KeySlot >= 0)
            _output.Column(_node.KeySlot).SetBytes(place, key);
    }

    private bool Seek()
    {
        if (!_isInRange && (_rangeIndex == 0 || _cursor is null))
            _cursor = _view.OpenCursor(_tree, _cursor);
        _knownCount = 0;
        ByteRange range = _ranges.Ranges[_rangeIndex];
        if (!_node.Path.IsDescending)
        {
            bool found = range.StartLength == 0 ? _cursor!.SeekFirst() : _cursor!.SeekGe(_ranges.Start(range));
            return found && IsInRange(range);
        }

        if (range.EndLength == 0)
            return _cursor!.SeekLast() && IsInRange(range);
        bool isThere = _cursor!.SeekLe(_ranges.End(range));
        if (isThere && _cursor.Key.SequenceEqual(_ranges.End(range)))
            isThere = _cursor.Previous();
        return isThere && IsInRange(range);
    }

    private bool Step()
    {
        bool found = _node.Path.IsDescending ? _cursor!.Previous() : _cursor!.Next();
        return found && IsInRange(_ranges.Ranges[_rangeIndex]);
    }

    private bool IsInRange(ByteRange range)
    {
        if (_node.Path.IsDescending)
            return range.StartLength == 0 || _cursor!.Key.SequenceCompareTo(_ranges.Start(range)) >= 0;
        if (range.EndLength == 0)
            return true;
        if (_knownCount == 0)
            _knownCount = _cursor!.CountBefore(_ranges.End(range));
        if (_knownCount == 0)
            return false;
        _knownCount--;
        return true;
    }

    /// <summary>
    /// Locks the selected rows and looks at each once more where something was committed since: a row may have changed
    /// or gone before its lock was granted.
    /// </summary>
    private bool LockRows()
    {
        // A list of its own: the filter writes over the selection when it is asked again.
        _lockedPositions ??= new int[RowBatch.RowCountMax];
        int count = _output.SelectedCount;
        for (int i = 0; i < count; i++)
            _lockedPositions[i] = _output.RowAt(i);
        int[] one = Context.Evaluation.RentPositions();
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            int row = _lockedPositions[i];
            _key.Set(_output.Column(_node.KeySlot).GetBytes(row));
            LockMode mode = _node.Lock == ScanLock.Shared ? LockMode.Shared : LockMode.Exclusive;
            if (!Context.TryLockRow(_table, _key.Span, mode, _node.LockWait))
                continue;
            if (!Context.HasNewerSnapshot(_view) || IsStillMeant(row, one))
                _lockedPositions[kept++] = row;
        }

        Context.Evaluation.ReturnPositions();
        _output.Select(_lockedPositions, kept);
        return kept > 0;
    }

    /// <summary>Takes the newest version of a locked row; false where it is gone, or no longer what the scan looks for.</summary>
    private bool IsStillMeant(int row, int[] one)
    {
        if (!Context.NewestView().TryGetRow(_table, _key.Span, out RowView newest) || !IsInRanges(newest))
            return false;
        Take(newest, _key.Span, row);
        one[0] = row;
        _output.Select(one, 1);
        return _filter.Narrow(Context.Evaluation, _output);
    }

    private bool IsInRanges(RowView row)
    {
        if (!_isByIndex)
            return true;
        _indexKey.Clear();
        row.AppendKey(_indexKey, _node.Path.Index!);
        _indexKey.Write(_key.Span);
        foreach (ByteRange range in _ranges.Ranges)
        {
            if ((range.StartLength == 0 || _indexKey.Written.SequenceCompareTo(_ranges.Start(range)) >= 0)
                && (range.EndLength == 0 || _indexKey.Written.SequenceCompareTo(_ranges.End(range)) < 0))
            {
                return true;
            }
        }

        return false;
    }
}
