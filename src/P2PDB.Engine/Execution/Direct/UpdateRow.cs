using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>UPDATE of the row of one primary key: the given columns change, and those that are set to the time of a change.</summary>
internal sealed class UpdateRow : CompiledStatement
{
    private readonly RowUpdate _update;
    private readonly GivenValues _given;

    /// <summary>Binds to the table as it is now.</summary>
    public UpdateRow(BoundTable table, GivenValues given)
    {
        _update = new RowUpdate(table.Table, table.MakeChanges(), table.MakeDefaults(), table.MakeForeignKeys(), given.Ordinals);
        _given = given;
        Counter = StatusCounter.ComUpdate;
    }

    /// <summary>The key of the row.</summary>
    public TableKey? Key { get; set; }

    /// <summary>True where the row was there, in the last execution.</summary>
    public bool IsFound { get; private set; }

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        EvaluationContext evaluation = context.Evaluation;
        evaluation.IsStrictWrite = true;
        evaluation.RowNumber = 1;
        IsFound = Key!.TryGetPoint(out ReadOnlySpan<byte> key) && _update.Load(context, key);
        if (!IsFound)
            return StatementResult.Done;
        bool isChanged = Change(context, _update, _given);
        return new StatementResult { AffectedRows = isChanged || context.Session.CountsFoundRows ? 1UL : 0UL };
    }

    /// <summary>Assigns the given values to a loaded row and writes it; false where nothing differs.</summary>
    public static bool Change(StatementContext context, RowUpdate update, GivenValues given)
    {
        foreach (int ordinal in given.Ordinals)
        {
            ColumnVector value = given.Rent(context.Evaluation, ordinal);
            update.Assign(context.Evaluation, ordinal, value, 0);
            context.Evaluation.Return();
        }

        return update.Write(context, isIgnore: false);
    }
}
