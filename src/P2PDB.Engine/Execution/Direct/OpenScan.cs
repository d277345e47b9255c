using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Transactions;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>
/// A scan of a table's rows in the order of their keys, as of its opening. It has a view of its own, so that whatever the session does meanwhile does not
/// show in it. Used again for the next scan.
/// </summary>
internal sealed class OpenScan(BoundTable table) : IDisposable
{
    private readonly ReadView _view = new();
    private readonly ByteWriter _bounds = new();
    private readonly SessionState _session = table.Context.Session;
    private TableSchema _schema = table.Table;
    private MergedCursor? _cursor;
    private int _startLength;
    private int _endLength;
    private int _knownCount;   // committed records behind the cursor of which is known that they follow and lie before the end
    private int _rowCount;
    private bool _isDescending;
    private bool _isBegun;
    private bool _isOver = true;

    /// <summary>Counts the scans that it served, so that one that has ended is found out.</summary>
    public long Number { get; private set; }

    /// <summary>The table.</summary>
    public BoundTable Table => table;

    /// <summary>Starts a scan; each key is the lower or upper bound, or null for the end of the table.</summary>
    public void Open(TableKey? from, TableKey? to, ScanOptions options)
    {
        _isDescending = (options & ScanOptions.Descending) != 0;
        _isBegun = _isOver = false;
        _rowCount = _knownCount = 0;
        SetBounds(from, to, options);
        try
        {
            table.BeginScan(_view);
            _schema = table.Table;
            if (table.WatchesReads)
                table.Context.Transaction.WatchRange(_view, _schema.RowTree, Start, End);
            _cursor = _view.OpenCursor(_schema.RowTree, _cursor);
        }
        catch
        {
            Close();
            throw;
        }
        finally
        {
            table.EndRead();
        }
    }

    /// <summary>Moves to the next row; false past the last one.</summary>
    public bool TryMoveNext(out RowView row)
    {
        if (_session.IsStopped)
            throw DirectErrors.Killed.ToException();
        // PERF: within a leaf one call a record; the scans of P2PDB.Stores.
        while (_knownCount > 0)
        {
            _knownCount--;
            if (ReadView.TryOpenCommitted(_schema, _cursor!.NextValue(), out row))
            {
                _rowCount++;
                return true;
            }
        }

        while (!_isOver)
        {
            bool isThere = _isBegun ? Step() : Seek();
            _isBegun = true;
            if (!isThere || !IsInRange())
                break;
            if (ReadView.TryOpenRow(_schema, _cursor!, out row))
            {
                _rowCount++;
                return true;
            }
        }

        _isOver = true;
        row = default;
        return false;
    }

    /// <summary>Ends the scan.</summary>
    public void Close()
    {
        _isOver = true;
        Number++;
        _view.Close();
        _session.Counters.Add(StatusCounter.InnodbRowsRead, _rowCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Close();
        _cursor?.Dispose();
        _bounds.Dispose();
    }

    private ReadOnlySpan<byte> Start => _bounds.Written[.._startLength];

    private ReadOnlySpan<byte> End => _bounds.Written.Slice(_startLength, _endLength);

    private void SetBounds(TableKey? from, TableKey? to, ScanOptions options)
    {
        _bounds.Clear();
        _startLength = _endLength = 0;
        if (from is { Count: > 0 })
        {
            // Behind the last key there is: nothing.
            if (!from.IsBehind((options & ScanOptions.ExcludeFrom) != 0))
                _bounds.Write(from.Bytes);
            else if (!KeyBounds.TryAppendSuccessor(_bounds, from.Bytes, out _))
                _isOver = true;
            _startLength = _bounds.Length;
        }

        if (to is { Count: > 0 })
        {
            bool isBehind = to.IsBehind((options & ScanOptions.ExcludeTo) == 0);
            if (isBehind)
                KeyBounds.TryAppendSuccessor(_bounds, to.Bytes, out _);
            else
                _bounds.Write(to.Bytes);
            _endLength = _bounds.Length - _startLength;
            // Before the first key there is: nothing.
            _isOver |= !isBehind && _endLength == 0;
        }
    }

    private bool Seek()
    {
        MergedCursor cursor = _cursor!;
        if (!_isDescending)
            return _startLength == 0 ? cursor.SeekFirst() : cursor.SeekGe(Start);
        if (_endLength == 0)
            return cursor.SeekLast();
        return cursor.SeekLe(End) && (!cursor.Key.SequenceEqual(End) || cursor.Previous());
    }

    private bool Step() => _isDescending ? _cursor!.Previous() : _cursor!.Next();

    private bool IsInRange()
    {
        MergedCursor cursor = _cursor!;
        if (_isDescending)
            return _startLength == 0 || cursor.Key.SequenceCompareTo(Start) >= 0;
        if (_endLength == 0)
            return true;
        int count = cursor.CountBefore(End);
        _knownCount = Math.Max(count - 1, 0);
        return count > 0;
    }
}
