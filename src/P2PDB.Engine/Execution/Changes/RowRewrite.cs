using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// Writes one changed row after another of a table: the loaded row becomes what its columns were made. Unique keys are kept, and foreign
/// keys. A new primary key is the end of the old row and the beginning of another.
/// </summary>
internal sealed class RowRewrite
{
    private readonly TableSchema _table;
    private readonly RowChanges _changes;
    private readonly ForeignKeys? _keys;
    private readonly HashSet<int> _assigned;
    private readonly bool _movesKey;
    private UniqueKeys? _unique;
    private StatementContext? _uniqueContext;

    /// <summary>Prepares for changes of the given columns.</summary>
    public RowRewrite(TableSchema table, RowChanges changes, ForeignKeys? keys, IEnumerable<int> assigned)
    {
        _table = table;
        _changes = changes;
        _keys = keys;
        Before = new TableRow(table);
        After = new TableRow(table);
        _assigned = [.. assigned];
        foreach (IndexPart part in table.PrimaryKey?.Parts ?? [])
            _movesKey |= _assigned.Contains(part.Ordinal);
    }

    /// <summary>Columns that are only added to or taken from, by ordinal.</summary>
    public int[] Deltas { get; set; } = [];

    /// <summary>The row as it is.</summary>
    public TableRow Before { get; }

    /// <summary>The row as it will be.</summary>
    public TableRow After { get; }

    /// <summary>True where writing a row may follow foreign keys.</summary>
    public bool HasForeignKeys => _keys is not null;

    /// <summary>The index in which another row has the key that the last one was to have; null where that was not what kept it.</summary>
    public IndexSchema? Conflict { get; private set; }

    /// <summary>Locks a row and loads its newest version; false where it is gone.</summary>
    public bool Load(StatementContext context, ReadOnlySpan<byte> key)
    {
        Before.SetKey(key);
        context.LockRow(_table, Before.Key, LockMode.Exclusive);
        ReadView view = context.NewestView();
        if (!view.TryGetRow(_table, Before.Key, out RowView found))
            return false;
        Before.Load(found);
        Before.HasRegisters = view.FoundRegisters;
        Before.Encode();
        After.Load(Before);
        return true;
    }

    /// <summary>Writes the row, which was encoded; an error, and perhaps something written that is to be taken back, where a key forbids it.</summary>
    public SqlError? Write(StatementContext context, CascadeStep? above, out bool isChanged)
    {
        isChanged = false;
        Before.CheckMayChange();
        UniqueKeys unique = UniqueFor(context);
        bool isMoved = false;
        if (_movesKey)
        {
            After.EncodeKey();
            isMoved = !After.Key.SequenceEqual(Before.Key);
        }
        else
        {
            After.SetKey(Before.Key);
        }

        After.CheckIndexKeys();
        Conflict = isMoved && unique.IsTaken(After)
            ? _table.PrimaryKey
            : unique.FindSecondaryConflict(After, Before.Key, _assigned);
        if (Conflict is not null)
            return UniqueKeys.DuplicateError(context, _table, Conflict, After);

        context.Session.Counters.Add(StatusCounter.InnodbRowsUpdated);
        isChanged = isMoved || _changes.Update(context.Transaction, Before.Key, Before.Image, After.Image, Before.HasRegisters, Deltas);
        if (isMoved)
        {
            _changes.Delete(context.Transaction, Before.Key, Before.Image, Before.HasRegisters);
            _changes.Insert(context.Transaction, After.Key, After.Image, After.HasRegisters);
        }

        return isChanged ? _keys?.Updated(context, Before, After, above) : null;
    }

    private UniqueKeys UniqueFor(StatementContext context)
    {
        if (_unique is null || !ReferenceEquals(_uniqueContext, context))
        {
            _unique?.Dispose();   // of the statement before
            _unique = new UniqueKeys(context, _table);
            _uniqueContext = context;
        }

        return _unique;
    }
}
