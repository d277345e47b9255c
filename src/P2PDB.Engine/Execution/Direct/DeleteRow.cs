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
        Version = table.Version;
        _removal = new RowRemoval(table.Table, table.MakeChanges(), table.MakeForeignKeys());
        Counter = StatusCounter.ComDelete;
    }

    /// <summary>The table's <see cref="BoundTable.Version"/> that it is bound to.</summary>
    public int Version { get; }

    /// <summary>The key of the row.</summary>
    public TableKey? Key { get; set; }

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        bool isRemoved = Key!.TryGetPoint(out ReadOnlySpan<byte> key) && _removal.Load(context, key)
            && _removal.RemoveOrWarn(context, isIgnore: false);
        return new StatementResult { AffectedRows = isRemoved ? 1UL : 0UL };
    }
}
