using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>
/// Makes the row of a primary key have the given values: an UPDATE where it is there, else an INSERT. Unlike with ON DUPLICATE KEY UPDATE and
/// REPLACE, a row of another primary key that has a unique key of it is never touched: that is error 1062.
/// </summary>
internal sealed class PutRow : CompiledStatement
{
    private readonly BoundTable _table;
    private readonly GivenValues _given;
    private readonly InsertRow _insert;
    private readonly RowUpdate _update;
    private readonly ColumnAssignment[] _keyColumns;
    private readonly ByteWriter _key = new();

    /// <summary>Binds to the table as it is now; error 1210 where a column of the primary key is not given.</summary>
    public PutRow(BoundTable table, GivenValues given)
    {
        _table = table;
        _given = given;
        _insert = new InsertRow(table, given);
        ColumnDefaults defaults = _insert.Insertion.Defaults;
        ReadOnlySpan<IndexPart> parts = table.KeyParts;
        _keyColumns = new ColumnAssignment[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (Array.IndexOf(given.Ordinals, parts[i].Ordinal) < 0)
                throw DirectErrors.KeyNotGiven(table.Columns[parts[i].Ordinal].Name).ToException();
            _keyColumns[i] = defaults.Assignment(parts[i].Ordinal);
        }

        // Changes of its own: those of the insertion leave plain indexes out of the write set when nothing reads by them.
        _update = new RowUpdate(table.Table, table.MakeChanges(), defaults, table.MakeForeignKeys(), given.Ordinals);
        Counter = StatusCounter.ComReplace;
    }

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        EvaluationContext evaluation = context.Evaluation;
        evaluation.IsStrictWrite = true;
        evaluation.RowNumber = 1;
        EncodeKey(evaluation);
        // The key stays locked where the row is not there, so nobody inserts it meanwhile.
        if (!_update.Load(context, _key.Written))
            return _insert.Execute(context, sink);
        bool isChanged = UpdateRow.Change(context, _update, _given);
        return new StatementResult { AffectedRows = isChanged ? 2UL : context.Session.CountsFoundRows ? 1UL : 0UL };
    }

    private void EncodeKey(EvaluationContext evaluation)
    {
        _key.Clear();
        ReadOnlySpan<IndexPart> parts = _table.KeyParts;
        for (int i = 0; i < parts.Length; i++)
        {
            ColumnVector stored = evaluation.Rent(_keyColumns[i].Type);
            ColumnVector value = _given.Rent(evaluation, parts[i].Ordinal);
            _keyColumns[i].Assign(evaluation, value, 0, stored, 0);
            IndexKeys.Append(_key, stored, 0, parts[i].PrefixLength);
            evaluation.Return(2);
        }

        if (_key.Length > IndexKeys.LengthMax)
            throw SqlErrors.TooLongKey(IndexKeys.LengthMax).ToException();
    }
}
