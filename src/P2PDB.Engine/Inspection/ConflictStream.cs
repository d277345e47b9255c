using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Inspection;

/// <summary>The rows of p2pdb.conflicts: what is put aside now, database by database; what the log must be read for comes last.</summary>
internal sealed class ConflictStream : RowStream
{
    private const int Kind = EntryColumns.Count;
    private const int Table = Kind + 1;

    private readonly StatementContext _context;
    private readonly ScanBounds _bounds;
    private readonly NodeDatabases _databases;
    private readonly StoreSnapshot _snapshot;
    private readonly RecordKeys _keys;
    private readonly IEnumerator<Conflict> _conflicts;
    private (string Name, DatabaseLog Log) _database;

    /// <summary>Starts before the first.</summary>
    public ConflictStream(NodeDatabases databases, StatementContext context, ScanBounds bounds)
    {
        _context = context;
        _bounds = bounds;
        _databases = databases;
        _snapshot = databases.Transactions.Store.BeginRead();
        _keys = new RecordKeys(context.Evaluation, _snapshot);
        _conflicts = Read().GetEnumerator();
    }

    /// <summary>The table's columns.</summary>
    public static RelationColumn[] TableColumns { get; } = EntryColumns.With(
        Columns.Text("kind", 16), Columns.Text("table_name", 64), Columns.LongText("row_key"), Columns.Text("subject", 64), Columns.Text("rule", 32),
        new RelationColumn("lost_values", Types.SqlType.Json), Columns.LongText("kept_row_key"), new RelationColumn("kept_values", Types.SqlType.Json),
        Columns.Text("kept_author_key", 64), Columns.Text("kept_entry_id", 64), EntryColumns.TimeColumn("kept_time"));

    /// <inheritdoc/>
    public override object? this[int column]
    {
        get
        {
            Conflict conflict = _conflicts.Current;
            return (column - EntryColumns.Count) switch
            {
                < 0 => EntryValue(conflict, column),
                0 => conflict.Kind,
                1 => conflict.Table,
                2 => conflict.RowKey,
                3 => conflict.Subject,
                4 => conflict.Rule,
                5 => conflict.LostValues,
                6 => conflict.KeptKey,
                7 => conflict.KeptValues,
                8 => conflict.Kept.IsNone ? null : conflict.Kept.Author.ToString(),
                9 => conflict.Kept.IsNone ? null : conflict.Kept.Entry.ToString(),
                _ => conflict.Kept.IsNone ? null : EntryColumns.TimeOf(conflict.Kept.Hlc, _context.Evaluation.TimeZone),
            };
        }
    }

    /// <inheritdoc/>
    public override bool MoveNext() => _conflicts.MoveNext();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _conflicts.Dispose();
        _snapshot.Dispose();
    }

    private object? EntryValue(Conflict conflict, int column) => column switch
    {
        EntryColumns.Database => _database.Name,
        _ when conflict.Lost.IsNone => null,
        EntryColumns.Author => conflict.Lost.Author.ToString(),
        EntryColumns.Seq => _database.Log.Held.TryFind(new EntryId(conflict.Lost.Entry), out HeldEntry entry) ? entry.Seq : null,
        EntryColumns.EntryId => conflict.Lost.Entry.ToString(),
        EntryColumns.Time => EntryColumns.TimeOf(conflict.Lost.Hlc, _context.Evaluation.TimeZone),
        _ => conflict.Lost.Hlc.Counter,
    };

    private IEnumerable<Conflict> Read()
    {
        foreach ((string Name, DatabaseLog Log) database in _databases.List())
        {
            if (!_bounds.Admits(EntryColumns.Database, database.Name))
                continue;
            _database = database;
            if (_bounds.Admits(Kind, Conflict.NameSetAside))
            {
                foreach (Conflict conflict in NamesSetAside.Read(_snapshot, database.Log.Id.Hash))
                    yield return conflict;
            }

            var chains = new LogChains(database.Log);
            if (_bounds.Admits(Kind, Conflict.HiddenRow))
            {
                var rows = new HiddenRows(_context, _snapshot, _keys, chains, name => _bounds.Admits(Table, name));
                foreach (Conflict conflict in rows.Read(database.Log.Id.Hash))
                    yield return conflict;
            }

            if (_bounds.Admits(Kind, Conflict.ConcurrentValue) || _bounds.Admits(Kind, Conflict.CutText))
            {
                var values = new ConcurrentValues(_context, _snapshot, _keys, chains, name => _bounds.Admits(Table, name));
                foreach (Conflict conflict in values.Read(database.Log.Id.Hash))
                    yield return conflict;
            }

            if (!_bounds.Admits(Kind, Conflict.HiddenRow) && !_bounds.Admits(Kind, Conflict.KeptParent) && !_bounds.Admits(Kind, Conflict.LostParent))
                continue;
            using var references = new BrokenReferences(_context, _snapshot, _keys, chains, name => _bounds.Admits(Table, name));
            foreach (Conflict conflict in references.Read(database.Log.Id.Hash))
                yield return conflict;
        }

        if (!_bounds.Admits(Kind, Conflict.LostWrite) && !_bounds.Admits(Kind, Conflict.LostDelete) && !_bounds.Admits(Kind, Conflict.LostToDelete))
            yield break;
        using var writes = new LostWrites(_context, _snapshot, _keys, new EntryScan(_databases, _context, _bounds), name => _bounds.Admits(Table, name));
        foreach (Conflict conflict in writes.Read())
        {
            _database = (writes.DatabaseName, writes.Log);
            yield return conflict;
        }
    }
}
