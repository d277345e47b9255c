using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>Changes one row after another of a table: assigns values to columns of the loaded row, then writes the difference.</summary>
internal sealed class RowUpdate
{
    private readonly TableSchema _table;
    private readonly ColumnDefaults _defaults;
    private readonly RowRewrite _row;
    private readonly RowChecks? _checks;
    private readonly MergeEffects? _effects;
    private readonly List<(int Ordinal, Expression Now)> _updatedToNow = [];

    /// <summary>Prepares for assignments to the given columns.</summary>
    public RowUpdate(TableSchema table, RowChanges changes, ColumnDefaults defaults, ForeignKeys? keys, RowChecks? checks, int[] assigned)
    {
        _checks = checks;
        _table = table;
        _defaults = defaults;
        _row = new RowRewrite(table, changes, keys, assigned);
        foreach (ColumnSchema column in table.Columns)
        {
            if (column.IsUpdatedToNow && Array.IndexOf(assigned, column.Ordinal) < 0)
                _updatedToNow.Add((column.Ordinal, ColumnDefaults.Now(column.Type)));
        }

        _effects = MergeEffects.Of(table, [.. assigned, .. _updatedToNow.ConvertAll(updated => updated.Ordinal)]);
    }

    /// <summary>Columns that are only added to or taken from, by ordinal.</summary>
    public int[] Deltas
    {
        init => _row.Deltas = value;
    }

    /// <summary>The row as it will be; assignments read and write it.</summary>
    public RowBatch Columns => _row.After.Columns;

    /// <summary>Locks a row and loads its newest version; false where it is gone.</summary>
    public bool Load(StatementContext context, ReadOnlySpan<byte> key) => _row.Load(context, key);

    /// <summary>Assigns a value to a column.</summary>
    public void Assign(EvaluationContext evaluation, int ordinal, ColumnVector value, int valueRow)
    {
        ColumnVector stored = evaluation.Rent(_table.Columns[ordinal].Type);
        _defaults.Assignment(ordinal).Assign(evaluation, value, valueRow, stored, 0);
        Columns.Column(ordinal).CopyRow(stored, 0, 0);
        evaluation.Return();
    }

    /// <summary>Writes the row; false where nothing differs, or where IGNORE leaves it as it was, with a warning.</summary>
    public bool Write(StatementContext context, bool isIgnore)
    {
        _row.After.Encode();
        if (_effects?.TakeBack(context, _row.Before, _row.After) == true)
            _row.After.Encode();
        if (_row.After.Image.SequenceEqual(_row.Before.Image))
            return false;
        foreach ((int ordinal, Expression now) in _updatedToNow)
        {
            ColumnVector value = context.Evaluation.RentValue(now, context.Evaluation.OneRow);
            Assign(context.Evaluation, ordinal, value, 0);
            context.Evaluation.Return();
        }

        if (_updatedToNow.Count > 0)
        {
            _row.After.Encode();
            if (_effects?.TakeBack(context, _row.Before, _row.After, isNoted: false) == true)
                _row.After.Encode();
        }

        if (_checks?.FindViolation(context.Evaluation, Columns) is { } violation)
        {
            if (!isIgnore)
                throw violation.ToException();
            context.Evaluation.Warn(violation);
            return false;
        }

        Savepoint mark = isIgnore && _row.HasForeignKeys ? context.Transaction.Mark() : default;
        if (_row.Write(context, null, out bool isChanged) is not { } error)
            return isChanged;
        if (!isIgnore)
            throw error.ToException();
        if (_row.HasForeignKeys)
            context.Transaction.Rewind(mark);
        context.Evaluation.Warn(error);
        return false;
    }
}
