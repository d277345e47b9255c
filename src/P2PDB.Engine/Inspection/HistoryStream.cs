using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// The rows of p2pdb.history: every operation on a row in the effective entries that are held, as it was written. What it wrote may have lost
/// to a later one, or have come before a TRUNCATE.
/// </summary>
internal sealed class HistoryStream : RowStream
{
    private const int Table = EntryColumns.Count;
    private const int RowKey = Table + 1;
    private const int Operation = RowKey + 1;
    private const int Changes = Operation + 1;
    private const int Position = Changes + 1;

    private readonly StatementContext _context;
    private readonly ScanBounds _bounds;
    private readonly EntryScan _entries;
    private readonly StoreSnapshot _snapshot;
    private readonly OperationReader _reader = new();
    private readonly RecordKeys _keys;
    private readonly Dictionary<(Hash256 Database, TableId Table), (LoggedTable Table, bool IsAdmitted)> _tables = [];
    private int _next;

    /// <summary>Starts before the first.</summary>
    public HistoryStream(NodeDatabases databases, StatementContext context, ScanBounds bounds)
    {
        _context = context;
        _bounds = bounds;
        _entries = new EntryScan(databases, context, bounds);
        _snapshot = databases.Transactions.Store.BeginRead();
        _keys = new RecordKeys(context.Evaluation, _snapshot);
    }

    /// <summary>The table's columns.</summary>
    public static RelationColumn[] TableColumns { get; } = EntryColumns.With(
        Columns.Text("table_name", 64), Columns.LongText("row_key"), Columns.Text("operation", 16), new RelationColumn("changes", SqlType.Json),
        Columns.Unsigned("position"), Columns.LongText("statement"));

    private LoggedOperation Current => _reader.Operations[_next - 1];

    /// <inheritdoc/>
    public override object? this[int column] => column switch
    {
        < EntryColumns.Count => _entries.Value(column),
        Table => TableOf(Current).Name,
        RowKey => KeyOf(Current),
        Operation => NameOf(Current.Kind),
        Changes => ChangesOf(Current),
        Position => Current.Index,
        _ => Current.Statement,
    };

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        while (true)
        {
            while (_next < _reader.Operations.Count)
            {
                _next++;
                if (IsAdmitted(Current))
                    return true;
            }

            do
            {
                if (!_entries.MoveNext())
                    return false;
            }
            while (_entries.Entry.Standing != EntryStanding.Effective || !_reader.TryRead(_entries.Log, _entries.Entry, IsWanted, _context.ThrowIfStopped));

            _next = 0;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reader.Dispose();
        _snapshot.Dispose();
    }

    private static string NameOf(OpKind kind) => kind switch
    {
        OpKind.Append => "append",
        _ when kind.IsInsert() => "insert",
        _ when kind.IsUpdate() => "update",
        OpKind.Delete => "delete",
        OpKind.Truncate => "truncate",
        _ => "drop table",
    };

    /// <summary>Asked while the entry is read: leaves out what another table, or another kind of operation, rules out.</summary>
    private bool IsWanted(OpKind kind, int table)
    {
        if (_bounds.IsBound(Operation) && !_bounds.Admits(Operation, NameOf(kind)))
            return false;
        return table == EntryFormat.NoTable || Find(_reader.Layouts.TableAt(table)).IsAdmitted;
    }

    private bool IsAdmitted(in LoggedOperation operation)
    {
        if (operation.Table == EntryFormat.NoTable && !Find(TableIdOf(operation)).IsAdmitted)
            return false;
        return !_bounds.IsBound(RowKey) || _bounds.Admits(RowKey, KeyOf(operation));
    }

    private TableId TableIdOf(in LoggedOperation operation)
    {
        if (operation.Table != EntryFormat.NoTable)
            return _reader.Layouts.TableAt(operation.Table);
        DefinitionReader.TryReadTable(_reader.PayloadOf(operation), out TableId table);
        return table;
    }

    private LoggedTable TableOf(in LoggedOperation operation) => Find(TableIdOf(operation)).Table;

    private (LoggedTable Table, bool IsAdmitted) Find(TableId id)
    {
        (Hash256, TableId) key = (_entries.Log.Id.Hash, id);
        if (!_tables.TryGetValue(key, out (LoggedTable Table, bool IsAdmitted) found))
        {
            LoggedTable table = LoggedTable.Find(_snapshot, _entries.Log.Id.Hash, id);
            _tables.Add(key, found = (table, _bounds.Admits(Table, table.Name)));
        }

        return found;
    }

    private byte[]? KeyOf(in LoggedOperation operation)
    {
        if (!TryReadRow(operation, out RowOp row))
            return null;
        StoredLayout? layout = operation.Kind.IsInsert() ? _reader.Layouts.WholeLayout(operation.Table) : null;
        return _keys.ToText(TableOf(operation), row.Key, layout, row.Image);
    }

    private byte[]? ChangesOf(in LoggedOperation operation)
    {
        if (operation.Kind == OpKind.Delete || !TryReadRow(operation, out RowOp row))
            return null;
        StoredLayout layout = operation.Kind.IsInsert()
            ? _reader.Layouts.WholeLayout(operation.Table)
            : _reader.Layouts.PartLayout(operation.Table, row.Columns);
        HeldEntry entry = _entries.Entry;
        var stamp = new DefinitionStamp(entry.Hlc, entry.Author.Key, entry.Id.Hash, (uint)operation.Index);
        JsonItem changes = ValueText.ToJson(_context.Evaluation, TableOf(operation), layout, row.Image, stamp);
        _reader.Layouts.TryReadMarks(operation.Table, row, out List<CellMark> marks);
        foreach (CellMark mark in marks)
            ValueText.AddTotals(changes, TableOf(operation), mark);
        return ValueText.ToBytes(changes);
    }

    private bool TryReadRow(in LoggedOperation operation, out RowOp row)
    {
        row = default;
        return operation.Kind.IsRow()
            && OpReader.TryReadRow(operation.Kind, _reader.PayloadOf(operation), _reader.Layouts.ColumnCountOf(operation.Table), out row);
    }
}
