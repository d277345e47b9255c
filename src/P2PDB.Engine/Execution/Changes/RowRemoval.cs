using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>Removes rows by their keys: locks, reads the newest version, and deletes that, with what foreign keys say follows it.</summary>
internal sealed class RowRemoval(TableSchema table, RowChanges changes, ForeignKeys? keys)
{
    /// <summary>The row that was read last.</summary>
    public TableRow Row { get; } = new(table);

    /// <summary>Locks a row and reads its newest version; false where it is gone.</summary>
    public bool Load(StatementContext context, ReadOnlySpan<byte> key)
    {
        Row.SetKey(key);
        context.LockRow(table, Row.Key, LockMode.Exclusive);
        ReadView view = context.NewestView();
        if (!view.TryGetRow(table, Row.Key, out RowView found))
            return false;
        Row.Load(found);
        Row.HasRegisters = view.FoundRegisters;
        return true;
    }

    /// <summary>Removes the row that was loaded; an error where rows that reference it keep it.</summary>
    public SqlError? Remove(StatementContext context, CascadeStep? above)
    {
        Row.CheckMayChange();
        Row.Encode();
        changes.Delete(context.Transaction, Row.Key, Row.Image, Row.HasRegisters);
        context.Session.Counters.Add(StatusCounter.InnodbRowsDeleted);
        return keys?.Removed(context, Row, above);
    }

    /// <summary>The same, taken back with a warning where that is an error and IGNORE was said; false where the row stays.</summary>
    public bool RemoveOrWarn(StatementContext context, bool isIgnore)
    {
        Savepoint mark = isIgnore && keys is not null ? context.Transaction.Mark() : default;
        if (Remove(context, null) is not { } error)
            return true;
        if (!isIgnore)
            throw error.ToException();
        context.Transaction.Rewind(mark);
        context.Evaluation.Warn(error);
        return false;
    }
}
