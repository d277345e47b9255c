using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Status;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>DELETE of the row of one primary key.</summary>
internal sealed class DeleteRow : CompiledStatement
{
    private readonly RowRemoval _removal;

    /// <summary>Binds to the table as it is now.</summary>
    public DeleteRow(BoundTable table)
    {
        Bound = table.Table;
        _removal = new RowRemoval(table.Table, table.MakeChanges());
        Counter = StatusCounter.ComDelete;
    }

    /// <summary>The version of the table that it was bound to.</summary>
    public Catalog.TableSchema Bound { get; }

    /// <summary>The key of the row.</summary>
    public TableKey? Key { get; set; }

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        bool isRemoved = Key!.TryGetPoint(out ReadOnlySpan<byte> key) && _removal.Remove(context, key);
        return new StatementResult { AffectedRows = isRemoved ? 1UL : 0UL };
    }
}
