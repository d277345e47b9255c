using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Inspection;

// A register holds one value and the stamp of its write. A write that the log has and the register has not, lost: to a writer who had
// seen it, which is how values change, or to one who had not. The second are listed, each against the write that stands now. What becomes
// of the writes of a column under a policy is what the policy says; none of them is called lost.
// So each operation of the log is held against its row as it is, and nothing is kept of what was between.

/// <summary>Writes that lost to a write that stands now and whose writer had not seen them; see the prose above.</summary>
internal sealed class LostWrites(
    StatementContext context, StoreSnapshot snapshot, RecordKeys keys, EntryScan entries, Func<string, bool> isWanted) : IDisposable
{
    private readonly OperationReader _reader = new();
    private readonly RecordBuffer _record = new();
    private readonly RowStamps _stamps = new();
    private readonly Dictionary<TableId, (LoggedTable Table, bool IsWanted)> _tables = [];
    private readonly List<(Stamp Winner, List<int> Columns)> _lost = [];
    private CausalPast? _past;
    private LogChains? _chains;

    /// <summary>Name of the database that the last conflict is of.</summary>
    public string DatabaseName => entries.DatabaseName;

    /// <summary>Its log.</summary>
    public DatabaseLog Log => entries.Log;

    /// <summary>Reads them all, entry by entry.</summary>
    public IEnumerable<Conflict> Read()
    {
        List<Conflict> found = [];
        DatabaseLog? log = null;
        while (entries.MoveNext())
        {
            if (!ReferenceEquals(log, entries.Log))
            {
                log = entries.Log;
                _tables.Clear();
                _chains = new LogChains(log);
                _past = new CausalPast(log, context);
            }

            if (entries.Entry.Standing != EntryStanding.Effective || !_reader.TryRead(log, entries.Entry, IsWanted, context.ThrowIfStopped))
                continue;
            foreach (LoggedOperation operation in _reader.Operations)
            {
                found.Clear();
                Add(operation, found);
                foreach (Conflict conflict in found)
                    yield return conflict;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private bool IsWanted(OpKind kind, int table) => kind.IsRow() && Find(_reader.Layouts.TableAt(table)).IsWanted;

    private (LoggedTable Table, bool IsWanted) Find(TableId id)
    {
        if (!_tables.TryGetValue(id, out (LoggedTable Table, bool IsWanted) found))
        {
            LoggedTable table = LoggedTable.Find(snapshot, entries.Log.Id.Hash, id);
            _tables.Add(id, found = (table, table.Place is not null && isWanted(table.Name)));
        }

        return found;
    }

    private void Add(in LoggedOperation operation, List<Conflict> found)
    {
        LoggedTable table = Find(_reader.Layouts.TableAt(operation.Table)).Table;
        if (!OpReader.TryReadRow(operation.Kind, _reader.PayloadOf(operation), _reader.Layouts.ColumnCountOf(operation.Table), out RowOp written)
            || !snapshot.TryGet(table.Place!.RowTree, written.Key, _record))
        {
            return;
        }

        StoredRow row = StoredRow.Read(_record.Span);
        StoredLayout stored = table.Place.Layouts[row.LayoutNumber];
        _stamps.Load(row, stored.Columns.Length, _chains!);
        var own = new Stamp(entries.Entry.Hlc, entries.Entry.Position.Chain, (uint)operation.Index);
        DefinitionStamp lost = _chains!.Expand(own);
        byte[] key = keys.ToText(table, written.Key, stored, row.Image);
        if (operation.Kind == OpKind.Delete)
        {
            if (!row.IsDead && IsUnseen(own, _stamps.Existence))
            {
                found.Add(new Conflict(
                    Conflict.LostDelete, table.Name, key, null, "later write", lost, null, _chains.Expand(_stamps.Existence), key,
                    ValueText.ToBytes(ValueText.ToJson(context.Evaluation, table, stored, row.Image, DefinitionStamp.Latest))));
            }

            return;
        }

        StoredLayout layout = operation.Kind.IsInsert()
            ? _reader.Layouts.WholeLayout(operation.Table)
            : _reader.Layouts.PartLayout(operation.Table, written.Columns);
        _reader.Layouts.TryReadMarks(operation.Table, written, out List<CellMark> marks);
        List<CellRegister> registers = CellRegisters.ReadAll(row, stored);
        Compare(layout, stored, own, column =>
            marks.Exists(mark => mark.Column.Id == column) || registers.Exists(register => register.Form.Id == column));
        foreach ((Stamp winner, List<int> columns) in _lost)
        {
            JsonItem values = JsonItem.NewObject();
            JsonItem kept = JsonItem.NewObject();
            DefinitionStamp stamp = _chains.Expand(winner);
            foreach (int column in columns)
            {
                ValueText.Add(values, context.Evaluation, table, layout, written.Image, column, lost);
                int place = stored.PositionOf(layout.Columns[column].Id);
                if (place >= 0)
                    ValueText.Add(kept, context.Evaluation, table, stored, row.Image, place, stamp);
            }

            found.Add(new Conflict(
                Conflict.LostWrite, table.Name, key, null, "later write", lost, ValueText.ToBytes(values), stamp, key, ValueText.ToBytes(kept)));
        }

        if (_lost.Count == 0 && row.IsDead && IsUnseen(own, _stamps.Existence))
        {
            found.Add(new Conflict(
                Conflict.LostToDelete, table.Name, key, null, "later write", lost,
                ValueText.ToBytes(ValueText.ToJson(context.Evaluation, table, layout, written.Image, lost)), _chains.Expand(_stamps.Existence), key, null));
        }
    }

    /// <summary>Finds the columns of a write that others took whose writers had not seen it, by who took them.</summary>
    private void Compare(StoredLayout layout, StoredLayout stored, in Stamp own, Func<ColumnId, bool> mergesByPolicy)
    {
        _lost.Clear();
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            int place = stored.PositionOf(layout.Columns[i].Id);
            Stamp stands = place >= 0 ? _stamps.Columns[place] : _stamps.Base;
            if (!IsUnseen(own, stands) || mergesByPolicy(layout.Columns[i].Id))
                continue;
            int known = _lost.FindIndex(group => group.Winner == stands);
            if (known < 0)
                _lost.Add((stands, [i]));
            else
                _lost[known].Columns.Add(i);
        }
    }

    private bool IsUnseen(in Stamp own, in Stamp stands) =>
        stands.Hlc.Value != 0 && stands.Chain != own.Chain && _chains!.Compare(stands, own) > 0
        && entries.Log.Held.TryFind(stands.Chain, stands.Hlc, out HeldEntry winner) && !_past!.Contains(winner.Position, entries.Entry.Position);
}
