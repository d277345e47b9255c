using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>INSERT of one row: columns that are not given take their defaults, or a generated value.</summary>
internal sealed class InsertRow : CompiledStatement
{
    private readonly RowInsertion _insertion;
    private readonly GivenValues _given;
    private readonly int[] _others;

    /// <summary>Binds to the table as it is now.</summary>
    public InsertRow(BoundTable table, GivenValues given)
    {
        _insertion = table.MakeInsertion();
        _given = given;
        _others = _insertion.OthersThan(given.Ordinals);
        Counter = StatusCounter.ComInsert;
    }

    /// <summary>How rows are written.</summary>
    public RowInsertion Insertion => _insertion;

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        _insertion.Begin(scansTables: false);
        _insertion.BeginRow(_others);
        foreach (int ordinal in _given.Ordinals)
        {
            ColumnVector value = _given.Rent(context.Evaluation, ordinal);
            _insertion.Assign(ordinal, value, 0);
            context.Evaluation.Return();
        }

        _insertion.WriteRow();
        _insertion.KeepInsertId();
        ulong id = _insertion.FirstGenerated != 0 ? _insertion.FirstGenerated : _insertion.LastGiven;
        return new StatementResult { AffectedRows = _insertion.Affected, LastInsertId = id };
    }
}
