using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>Removes rows by their keys: locks, reads the newest version, and deletes that.</summary>
internal sealed class RowRemoval(TableSchema table, RowChanges changes)
{
    private readonly TableRow _row = new(table);

    /// <summary>Removes a row; false where it is gone already.</summary>
    public bool Remove(StatementContext context, ReadOnlySpan<byte> key)
    {
        _row.SetKey(key);
        context.LockRow(table, _row.Key, LockMode.Exclusive);
        if (!context.NewestView().TryGetRow(table, _row.Key, out RowView found))
            return false;
        _row.Load(found);
        _row.Encode();
        changes.Delete(context.Transaction, _row.Key, _row.Image);
        context.Session.Counters.Add(StatusCounter.InnodbRowsDeleted);
        return true;
    }
}
