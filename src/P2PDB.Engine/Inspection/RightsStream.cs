using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Inspection;

/// <summary>The rows of p2pdb.rights: who may take how much from which counter with a least value, of rows that are shown, as of now.</summary>
internal sealed class RightsStream : RowStream
{
    private const int Database = 0;
    private const int Table = 1;
    private const int StepCount = 4096;

    private readonly StatementContext _context;
    private readonly ScanBounds _bounds;
    private readonly NodeDatabases _databases;
    private readonly StoreSnapshot _snapshot;
    private readonly RecordKeys _keys;
    private readonly IEnumerator<object?[]> _rows;

    /// <summary>Starts before the first.</summary>
    public RightsStream(NodeDatabases databases, StatementContext context, ScanBounds bounds)
    {
        _context = context;
        _bounds = bounds;
        _databases = databases;
        _snapshot = databases.Transactions.Store.BeginRead();
        _keys = new RecordKeys(context.Evaluation, _snapshot);
        _rows = Read().GetEnumerator();
    }

    /// <summary>The table's columns.</summary>
    public static RelationColumn[] TableColumns { get; } =
    [
        Columns.Text("database_name", 64), Columns.Text("table_name", 64), Columns.LongText("row_key"), Columns.Text("column_name", 64),
        Columns.Text("author_key", 64), Columns.Integer("is_own"), Columns.Text("rights", 96),
    ];

    /// <inheritdoc/>
    public override object? this[int column] => _rows.Current[column];

    /// <inheritdoc/>
    public override bool MoveNext() => _rows.MoveNext();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows.Dispose();
        _snapshot.Dispose();
    }

    private IEnumerable<object?[]> Read()
    {
        List<object?[]> found = [];
        foreach ((string name, DatabaseLog log) in _databases.List())
        {
            if (!_bounds.Admits(Database, name))
                continue;
            var chains = new LogChains(log);
            foreach (TableSchema table in (_snapshot.Companion as NodeSchema)?.Find(log.Id.Hash)?.Tables ?? [])
            {
                if (!_bounds.Admits(Table, table.Name) || !HasCounters(table))
                    continue;
                LoggedTable logged = LoggedTable.Find(_snapshot, log.Id.Hash, table.Id);
                using Cursor cursor = _snapshot.OpenCursor(table.RowTree);
                int count = 0;
                for (bool isValid = cursor.SeekFirst(); isValid; isValid = cursor.Next())
                {
                    if (++count % StepCount == 0)
                        _context.ThrowIfStopped();
                    if (!StoredRow.IsVisibleRecord(cursor.Value) || !StoredRow.HasRegisters(cursor.Value))
                        continue;
                    found.Clear();
                    Add(found, name, log.OwnAuthor.Key, table, logged, chains, cursor);
                    foreach (object?[] row in found)
                        yield return row;
                }
            }
        }
    }

    private void Add(
        List<object?[]> found, string database, PublicKey own, TableSchema table, LoggedTable logged, ChainDirectory chains, Cursor cursor)
    {
        StoredRow row = StoredRow.Read(cursor.Value);
        StoredLayout layout = table.Layouts[row.LayoutNumber];
        List<CellRegister> registers = CellRegisters.ReadAll(row, layout);
        byte[] key = _keys.ToText(logged, cursor.Key, layout, row.Image);
        foreach (ColumnSchema column in table.Columns)
        {
            if (!HasRights(column))
                continue;
            List<CellRegister> words = registers.FindAll(register => register.Form.Id == column.Id);
            Lane lane = Lane.Plain;
            foreach (CellRegister word in words)
                lane = word.Lane.CompareTo(lane) > 0 ? word.Lane : lane;
            if (lane.Policy != MergePolicy.BoundedCounter)
                continue;
            RightsMatrix matrix = new();
            foreach (CellRegister word in words)
            {
                if (word.Lane == lane)
                    matrix.Add(chains.AuthorOf(word.Chain).Key, word.Rights!);
            }

            foreach (PublicKey author in matrix.Authors)
            {
                found.Add(
                    [database, table.Name, key, column.Name, author.ToString(), author == own ? 1 : 0, matrix.HeldBy(author).ToString()]);
            }
        }
    }

    private static bool HasCounters(TableSchema table)
    {
        foreach (ColumnSchema column in table.Columns)
        {
            if (HasRights(column))
                return true;
        }

        return false;
    }

    private static bool HasRights(ColumnSchema column) => column.Merge == MergePolicy.BoundedCounter;
}
