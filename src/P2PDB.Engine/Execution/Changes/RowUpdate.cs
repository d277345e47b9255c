using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// Changes one row after another of a table: assigns values to columns of the loaded row, then writes the difference. A new
/// primary key is the end of the old row and the beginning of another.
/// </summary>
internal sealed class RowUpdate
{
    private readonly TableSchema _table;
    private readonly RowChanges _changes;
    private readonly ColumnDefaults _defaults;
    private readonly TableRow _before;
    private readonly TableRow _after;
    private readonly HashSet<int> _assigned;
    private readonly bool _movesKey;
    private readonly List<(int Ordinal, Expression Now)> _updatedToNow = [];
    private UniqueKeys? _unique;
    private StatementContext? _uniqueContext;

    /// <summary>Prepares for assignments to the given columns.</summary>
    public RowUpdate(TableSchema table, RowChanges changes, ColumnDefaults defaults, IEnumerable<int> assigned)
    {
        _table = table;
        _changes = changes;
        _defaults = defaults;
        _before = new TableRow(table);
        _after = new TableRow(table);
        _assigned = [.. assigned];
        foreach (IndexPart part in table.PrimaryKey?.Parts ?? [])
            _movesKey |= _assigned.Contains(part.Ordinal);
        foreach (ColumnSchema column in table.Columns)
        {
            if (column.IsUpdatedToNow && !_assigned.Contains(column.Ordinal))
                _updatedToNow.Add((column.Ordinal, ColumnDefaults.Now(column.Type)));
        }
    }

    /// <summary>The row as it will be; assignments read and write it.</summary>
    public RowBatch Columns => _after.Columns;

    /// <summary>Locks a row and loads its newest version; false where it is gone.</summary>
    public bool Load(StatementContext context, ReadOnlySpan<byte> key)
    {
        _before.SetKey(key);
        context.LockRow(_table, _before.Key, LockMode.Exclusive);
        if (!context.NewestView().TryGetRow(_table, _before.Key, out RowView found))
            return false;
        _before.Load(found);
        _before.Encode();
        _after.Load(_before);
        return true;
    }

    /// <summary>Assigns a value to a column.</summary>
    public void Assign(EvaluationContext evaluation, int ordinal, ColumnVector value, int valueRow)
    {
        ColumnVector stored = evaluation.Rent(_table.Columns[ordinal].Type);
        _defaults.Assignment(ordinal).Assign(evaluation, value, valueRow, stored, 0);
        _after.Columns.Column(ordinal).CopyRow(stored, 0, 0);
        evaluation.Return();
    }

    /// <summary>Writes the row; false where nothing differs.</summary>
    public bool Write(StatementContext context, bool isIgnore)
    {
        _after.Encode();
        if (_after.Image.SequenceEqual(_before.Image))
            return false;
        foreach ((int ordinal, Expression now) in _updatedToNow)
        {
            ColumnVector value = context.Evaluation.RentValue(now, context.Evaluation.OneRow);
            Assign(context.Evaluation, ordinal, value, 0);
            context.Evaluation.Return();
        }

        if (_updatedToNow.Count > 0)
            _after.Encode();

        UniqueKeys unique = UniqueFor(context);
        bool isMoved = false;
        if (_movesKey)
        {
            _after.EncodeKey();
            isMoved = !_after.Key.SequenceEqual(_before.Key);
        }
        else
        {
            _after.SetKey(_before.Key);
        }

        _after.CheckIndexKeys();

        IndexSchema? conflict = isMoved && unique.IsTaken(_after.Key)
            ? _table.PrimaryKey
            : unique.FindSecondaryConflict(_after, _before.Key, _assigned);
        if (conflict is not null)
        {
            SqlError error = UniqueKeys.DuplicateError(context, _table, conflict, _after);
            if (!isIgnore)
                throw error.ToException();
            context.Evaluation.Warn(error);
            return false;
        }

        context.Session.Counters.Add(StatusCounter.InnodbRowsUpdated);
        if (!isMoved)
            return _changes.Update(context.Transaction, _before.Key, _before.Image, _after.Image);
        _changes.Delete(context.Transaction, _before.Key, _before.Image);
        _changes.Insert(context.Transaction, _after.Key, _after.Image);
        return true;
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
