using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>Removes rows by their keys: locks, reads the newest version, and deletes that.</summary>
internal sealed class RowRemoval(TableSchema table, RowChanges changes)
{
    private readonly TableRow _row = new(table);

    /// <summary>The row at hand.</summary>
    public RowBatch Columns => _row.Columns;

    /// <summary>Locks a row and loads its newest version; false where it is gone already.</summary>
    public bool Load(StatementContext context, ReadOnlySpan<byte> key)
    {
        _row.SetKey(key);
        context.LockRow(table, _row.Key, LockMode.Exclusive);
        if (!context.NewestView().TryGetRow(table, _row.Key, out RowView found))
            return false;
        _row.Load(found);
        return true;
    }

    /// <summary>Removes the row that was loaded.</summary>
    public void Remove(StatementContext context)
    {
        _row.Encode();
        changes.Delete(context.Transaction, _row.Key, _row.Image);
        context.Session.Counters.Add(StatusCounter.InnodbRowsDeleted);
    }
}
