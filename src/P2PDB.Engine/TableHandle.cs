using System.Text;
using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>
/// A table that a session has open to read and write rows by their primary keys, without SQL text. Each call is a statement of the session, with all that SQL
/// statements have: the session's transaction or one of its own, locks, constraints, defaults, indexes, and errors, which are thrown as <see cref="SqlException"/>.
/// Used by the session's thread alone. Warm reads allocate nothing.
/// </summary>
/// <remarks>
/// Renames, new indexes and new defaults are followed. Once the columns or the primary key have changed, calls end with error 1412, after DROP TABLE with
/// 1146: open the table anew.
/// </remarks>
public sealed class TableHandle : IDisposable
{
    private readonly BoundTable _table;
    private readonly OutcomeSink _outcome = new();
    private readonly RecordBuffer _record = new();
    private readonly Stack<OpenScan> _spareScans = new();
    private readonly List<OpenScan> _openScans = [];
    private readonly byte[] _name;
    private DeleteRow? _delete;
    private bool _isDisposed;

    internal TableHandle(BoundTable table, string name)
    {
        _table = table;
        _name = Encoding.UTF8.GetBytes("TABLE " + name);
    }

    /// <summary>The columns; their indexes are the ordinals.</summary>
    public ReadOnlySpan<ResultColumn> Columns => _table.Columns;

    /// <summary>The ordinal of a column by its name, in any case; error 1054 where there is none.</summary>
    public int OrdinalOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        int ordinal = Array.FindIndex(_table.Columns, known => known.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
        return ordinal >= 0 ? ordinal : throw SqlErrors.UnknownColumn(column, "field list").ToException();
    }

    /// <summary>Makes a key, to be kept and filled again; error 1173 where the table has no primary key.</summary>
    public TableKey NewKey() => new(_table);

    /// <summary>Makes a writer of rows, to be kept and filled again.</summary>
    public RowWriter NewRow() => new(_table);

    /// <summary>Reads the row of a primary key. It is valid until the next call of this method.</summary>
    public bool TryGet(TableKey key, out RowReader row)
    {
        Check(key);
        ReadView view = _table.BeginRead();
        try
        {
            if (!key.TryGetPoint(out ReadOnlySpan<byte> bytes))
            {
                row = default;
                return false;
            }

            if (_table.WatchesReads)
                _table.Context.Transaction.WatchPoint(view, _table.Table.RowTree, bytes);
            if (view.TryGetRow(_table.Table, bytes, _record, out RowView found))
            {
                _table.CountRow();
                row = new RowReader(_table, found);
                return true;
            }
        }
        finally
        {
            _table.EndRead();
        }

        row = default;
        return false;
    }

    /// <summary>
    /// Reads rows in the order of their keys, from one key to another; null is the end of the table. A key of fewer values than the primary key has columns
    /// stands for all keys that begin with it. What was written in the session's transaction so far is seen, later writes are not.
    /// </summary>
    public TableScan Scan(TableKey? from = null, TableKey? to = null, ScanOptions options = ScanOptions.None)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (from is not null)
            Check(from);
        if (to is not null)
            Check(to);
        OpenScan scan = _spareScans.Count > 0 ? _spareScans.Pop() : new OpenScan(_table);
        scan.Open(from, to, options);
        _openScans.Add(scan);
        return new TableScan(this, scan);
    }

    /// <summary>Adds a row; the AUTO_INCREMENT value that was generated for it, or given, else 0. Error 1062 where a row has its primary or another unique key.</summary>
    public ulong Insert(RowWriter row)
    {
        Check(row);
        _table.Refresh();
        Run(row.Shape().Insert);
        row.EndRow();
        return _outcome.Outcome.LastInsertId;
    }

    /// <summary>
    /// Makes the row of the primary key that is set have the set values: adds it, or changes the row that is there. Error 1062 where a row of another primary key
    /// has one of its unique keys.
    /// </summary>
    public void Put(RowWriter row)
    {
        Check(row);
        _table.Refresh();
        Run(row.Shape().Put);
        row.EndRow();
    }

    /// <summary>Changes the set columns of the row of a primary key; false where there is none.</summary>
    public bool Update(TableKey key, RowWriter row)
    {
        Check(key);
        Check(row);
        _table.Refresh();
        UpdateRow update = row.Shape().Update;
        update.Key = key;
        Run(update);
        row.EndRow();
        return update.IsFound;
    }

    /// <summary>Removes the row of a primary key; false where there is none.</summary>
    public bool Delete(TableKey key)
    {
        Check(key);
        _table.Refresh();
        if (_delete is null || _delete.Version != _table.Version)
            _delete = new DeleteRow(_table);
        _delete.Key = key;
        Run(_delete);
        return _outcome.Outcome.AffectedRows > 0;
    }

    /// <summary>Ends its scans. The session goes on.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        while (_openScans.Count > 0)
            End(_openScans[^1]);
        foreach (OpenScan scan in _spareScans)
            scan.Dispose();
    }

    /// <summary>A scan of the handle has ended: it is kept for the next.</summary>
    internal void End(OpenScan scan)
    {
        scan.Close();
        _openScans.Remove(scan);
        _spareScans.Push(scan);
    }

    private void Run(Execution.CompiledStatement write) => _table.Run(write, _name, _outcome);

    private void Check(TableKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!key.IsOf(_table))
            throw new ArgumentException("The key was made by another table's handle.", nameof(key));
    }

    private void Check(RowWriter row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!row.IsOf(_table))
            throw new ArgumentException("The row was made by another table's handle.", nameof(row));
    }
}
