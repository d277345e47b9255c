// APPLY: FROM ENTRIES TO ROWS
//
// The one writer of rows. It is given effective entries, one at a time, each after its causes, and merges their operations:
//
//   1. The entry is validated as a whole; if anything in it is not as it must be, it is void (EntryValidation).
//   2. Row operations merge into the row's registers (RowMerge), and the changed record goes to the trees (RowWriter), where
//      UNIQUE may hide or show other rows (UniqueView).
//   3. Definition operations fold into the table's registers (TableState); the table's trees follow (TableRebuild).
//   4. Foreign keys hide and show rows (ForeignKeyView), once all that a write changes is there.
//   5. Publishing makes all of it visible at once, together with the schemas that belong to it.
//
// INVARIANT: state is a function of the set of entries applied. Every step above is commutative, associative and, but for
// the effort, idempotent; the simulator holds it against a model that recomputes everything from the sorted set.
// INVARIANT: what was begun is published. There is no way back for the registers in memory: whoever cannot publish stops.
using P2PDB.Engine.Apply.ForeignKeys;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Merges entries into the rows and catalogs of a node; see the prose above. Used by the commit thread only.</summary>
internal sealed class Applier : IDisposable
{
    private const ulong FirstTree = 2; // 1 is the catalog's

    private readonly Dictionary<DatabaseId, AppliedDatabase> _databases = [];
    private readonly MergeFaults _faults;
    private readonly RowWriter _rows = new();
    private readonly RowMerge _merge;
    private readonly AppendMerge _appends;
    private readonly EntryLayouts _layouts = new();
    private readonly ChunkAssembly _chunks = new();
    private readonly TableRebuild _rebuild;
    private readonly DefinitionApply _definitions;
    private readonly ForeignKeyView _foreignKeys;
    private readonly RecordBuffer _previous = new();
    private readonly ByteWriter _next = new(1024);
    private StoreWriter? _writer;
    private long _commitNumber;
    private ulong _nextTree = FirstTree;

    /// <summary>Begins with no database; <paramref name="scratch"/> is where large indexes are sorted.</summary>
    public Applier(ScratchSpace scratch, MergeFaults? faults = null)
    {
        _faults = faults ?? MergeFaults.None;
        _merge = new RowMerge(_faults);
        _appends = new AppendMerge(_merge);
        _rebuild = new TableRebuild(_rows, scratch);
        _definitions = new DefinitionApply(_rows, _rebuild, _merge, NewTree);
        _foreignKeys = new ForeignKeyView(_rows, _faults);
    }

    /// <summary>The schemas as last published.</summary>
    public NodeSchema Schema { get; private set; } = NodeSchema.Empty;

    /// <summary>The first number that no tree has or had.</summary>
    public ulong NextTree => _nextTree;

    /// <summary>Makes a database known; entries of it may be applied from then on.</summary>
    public void Open(DatabaseId database, ChainDirectory chains) =>
        _databases.Add(database, new AppliedDatabase(database, StampRule.Of(chains, _faults)));

    /// <summary>What is known of the tables of a database beside their trees and registers, ascending by id.</summary>
    public IReadOnlyList<TablePoint> PointsOf(DatabaseId database)
    {
        List<TablePoint> points = [];
        if (_databases.TryGetValue(database, out AppliedDatabase? applied))
        {
            foreach (AppliedTable table in applied.Tables.Values)
                points.Add(TablePoint.Of(table));
        }

        points.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return points;
    }

    /// <summary>Goes on with trees that a store kept: numbers below <paramref name="nextTree"/> are taken. Comes before everything else.</summary>
    public void ReserveTrees(ulong nextTree) => _nextTree = nextTree;

    /// <summary>
    /// Goes on with the tables of a database that was just opened, as they were at a checkpoint; the write under way reads their registers.
    /// </summary>
    /// <exception cref="Storage.Devices.CorruptionException">The registers are damaged or not there.</exception>
    public void Restore(DatabaseId database, IReadOnlyList<TablePoint> tables)
    {
        Invariant.Check(_writer is not null, "tables are restored between begin and publish");
        AppliedDatabase applied = _databases[database];
        applied.IsRestored = true;
        foreach (TablePoint point in tables)
        {
            AppliedTable table = point.Restore(_definitions.LoadState(database, point.Id), _commitNumber);
            applied.State.Tables.Add(point.Id, table.State);
            applied.Tables.Add(point.Id, table);
        }
    }

    /// <summary>Removes the trees and registers of tables: their database is followed no more, or anew from its first entry on.</summary>
    public void Discard(DatabaseId database, IReadOnlyList<TablePoint> tables)
    {
        Invariant.Check(_writer is not null, "trees are removed between begin and publish");
        foreach (TablePoint table in tables)
        {
            _definitions.RemoveState(database, table.Id);
            _rows.DropTree(table.RowTree);
            foreach (IndexPoint index in table.Indexes)
            {
                if (!index.Tree.IsNone)
                    _rows.DropTree(index.Tree);
            }
        }
    }

    /// <summary>Starts on a write that is to become visible under a commit number.</summary>
    public void Begin(StoreWriter writer, long commitNumber, IApplyObserver observer)
    {
        _writer = writer;
        _commitNumber = commitNumber;
        _rows.Begin(writer, observer);
    }

    /// <summary>
    /// Applies one entry that is effective, whose causes are applied and which was not applied before, and which is not a
    /// part of a larger transaction.
    /// </summary>
    public ApplyStatus Apply(DatabaseId database, in EntryOrigin origin, in BodyReader body)
    {
        StartGroup();
        if (!TryValidate(database, body) || !EndGroup())
            return ApplyStatus.Void;
        StartGroup();
        Merge(database, origin, body);
        return ApplyStatus.Applied;
    }

    /// <summary>
    /// Starts on the parts of one transaction: validate all of them, end the group, start again, merge all of them; or, where
    /// any part is not valid, merge none.
    /// </summary>
    public void StartGroup() => _chunks.Clear();

    /// <summary>True where nothing is missing at the end of a group.</summary>
    public bool EndGroup() => !_chunks.IsOpen;

    /// <summary>Validates one part; false makes the whole transaction void.</summary>
    public bool TryValidate(DatabaseId database, in BodyReader body) =>
        _layouts.TryRead(body.Tables)
        && EntryValidation.IsValid(database.Hash, _layouts, _chunks, body.Ops);

    /// <summary>Merges one part that was validated.</summary>
    public void Merge(DatabaseId database, in EntryOrigin origin, in BodyReader body)
    {
        Invariant.Check(_writer is not null, "entries are applied between begin and publish");
        AppliedDatabase applied = _databases[database];
        _layouts.TryRead(body.Tables);
        OpReader ops = body.Ops;
        while (ops.MoveNext())
        {
            bool isWhole = _chunks.TryTake(ops, out ReadOnlySpan<byte> payload);
            Invariant.Check(isWhole, "what is merged was validated");
            if (ops.Kind.IsRow())
                ApplyRow(applied, origin.StampOf(ops.OpIndex), ops.Kind, ops.Table, payload);
            else if (ops.Kind.IsDefinition())
                ApplyDefinition(applied, origin.DefinitionStampOf(ops.OpIndex), (DefinitionKind)ops.Kind, payload);
        }
    }

    /// <summary>Removes a database with all its trees; its entries may be applied again from the first on.</summary>
    public void Forget(DatabaseId database)
    {
        if (!_databases.ContainsKey(database))
            return;
        Discard(database, PointsOf(database));
        _databases.Remove(database);
        Schema = Schema.Without(database.Hash);
    }

    /// <summary>Makes everything since the begin visible.</summary>
    public void Publish()
    {
        Invariant.Check(_writer is not null, "a publish has a begin");
        foreach (AppliedDatabase database in _databases.Values)
        {
            if (database.IsChanged)
            {
                Schema = Schema.With(DefinitionApply.BuildDatabase(database, _commitNumber));
                _foreignKeys.Follow(database);
                database.IsChanged = false;
            }

            SettleForeignKeys(database);
        }

        _rows.Settle();
        _foreignKeys.End();
        _writer.Publish(_commitNumber, Schema);
        _writer = null;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _rows.Dispose();
        _merge.Dispose();
        _rebuild.Dispose();
        _definitions.Dispose();
        _foreignKeys.Dispose();
        _chunks.Dispose();
        _next.Dispose();
    }

    private void ApplyRow(
        AppliedDatabase database, in Stamp stamp, OpKind kind, int tableIndex, ReadOnlySpan<byte> payload)
    {
        OpReader.TryReadRow(kind, payload, _layouts.ColumnCountOf(tableIndex), out RowOp row);
        AppliedTable table = TableOf(database, _layouts.TableAt(tableIndex));
        ChainDirectory chains = database.Chains;
        bool isAppend = kind == OpKind.Append;
        if (!isAppend && !table.State.Floor.IsNone && !chains.IsLater(stamp, table.State.Floor))
            return;
        Stamp newest = isAppend ? AppliedTable.Unending : stamp;
        if (chains.Compare(newest, table.Newest) > 0)
            table.Newest = newest;

        _next.Clear();
        RowLayouts layouts = table.Place.Layouts;
        _writer!.TryGet(table.RowTree, row.Key, _previous);
        if (!isAppend && StoredRow.IsAppendedRecord(_previous.Span) && !_faults.IsAppendOff)
            return;
        bool isChanged;
        _layouts.TryReadMarks(tableIndex, row, out List<CellMark> marks);
        switch (kind)
        {
            case OpKind.Append:
                StoredLayout appended = _layouts.WholeLayout(tableIndex, layouts);
                Count(table, appended, row.Image);
                isChanged = _appends.TryAppend(layouts, chains, _previous.Span, stamp, appended, row.Image, _next);
                break;
            case var _ when kind.IsInsert():
                StoredLayout whole = _layouts.WholeLayout(tableIndex, layouts);
                Count(table, whole, row.Image);
                isChanged = _merge.TryInsert(layouts, chains, _previous.Span, stamp, whole, row.Image, marks, _next);
                break;
            case var _ when kind.IsUpdate():
                StoredLayout part = _layouts.PartLayout(tableIndex, row.Columns);
                isChanged = _merge.TryUpdate(layouts, chains, _previous.Span, stamp, part, row.Image, marks, _next);
                if (isChanged && table.Schema?.AutoIncrementOrdinal >= 0)
                    CountMerged(table);
                break;
            default:
                isChanged = _merge.TryDelete(layouts, chains, _previous.Span, stamp, _next);
                if (_faults.IsTombstoneOff)
                    _next.Clear();
                break;
        }

        if (isChanged)
            _rows.Replace(table, chains, row.Key, _previous.Span, _next.WrittenSpan);
        if (!database.LinkChanges.IsFull)
            return;
        if (database.IsChanged)
            database.LinkChanges.Coarsen();
        else
            SettleForeignKeys(database);
    }

    private void SettleForeignKeys(AppliedDatabase database)
    {
        if (!database.LinkChanges.IsAny)
            return;
        _rows.Settle();
        _foreignKeys.Settle(database);
    }

    private static void Count(AppliedTable table, StoredLayout layout, ReadOnlySpan<byte> image)
    {
        if (table.Schema is { AutoIncrementOrdinal: >= 0 } schema)
            CounterWatch.Observe(schema, schema.Map(layout.Number), image);
    }

    private void CountMerged(AppliedTable table)
    {
        StoredRow row = StoredRow.Read(_next.Written);
        CounterWatch.Observe(table.Schema!, table.Schema!.Map(row.LayoutNumber), row.Image);
    }

    private void ApplyDefinition(
        AppliedDatabase database, in DefinitionStamp stamp, DefinitionKind kind, ReadOnlySpan<byte> payload)
    {
        bool isFolded = database.State.TryFold(kind, payload, stamp, out TableState state);
        Invariant.Check(isFolded, "a validated definition folds");
        _definitions.Follow(database, TableOf(database, state.Id), _commitNumber);
    }

    private AppliedTable TableOf(AppliedDatabase database, TableId id)
    {
        if (!database.Tables.TryGetValue(id, out AppliedTable? table))
        {
            table = new AppliedTable(database.State.TableOf(id), new TablePlace(NewTree()));
            database.Tables.Add(id, table);
            database.IsChanged = true;
            _definitions.SaveState(database, table);
        }

        return table;
    }

    private TreeId NewTree() => new(_nextTree++);
}
