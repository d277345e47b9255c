using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>INSERT and REPLACE, from VALUES, SET or a query, with IGNORE and ON DUPLICATE KEY UPDATE.</summary>
internal sealed class CompiledInsert : CompiledStatement
{
    private readonly InsertStatement _statement;
    private readonly WrittenRow _written;
    private readonly TableSchema _table;
    private readonly RowInsertion _insertion;
    private readonly int[] _targets;
    private readonly int[] _others;
    private readonly Expression[][]? _rows;
    private readonly Operator? _query;
    private readonly bool _readsOwnRow;

    private CompiledInsert(StatementContext context, BindingContext binding, InsertStatement statement)
    {
        _statement = statement;
        _written = RowInsertion.BindTable(context, binding, statement.Table, "INSERT");
        _table = _written.Table;
        _insertion = new RowInsertion(context, binding, _written) { Replaces = statement.IsReplace, Ignores = statement.IsIgnore };
        _targets = BindTargets(statement);
        _written.Require(PrivilegeSet.Insert, _targets, areNamed: statement.Columns is not null);
        if (statement.IsReplace)
            _written.Require(PrivilegeSet.Delete);
        _others = _insertion.OthersThan(_targets);

        ExpressionBinder binder = _insertion.MakeBinder(binding);
        if (statement.Rows is { } rows)
        {
            _rows = BindRows(binder, rows);
            _readsOwnRow = Array.Exists(_rows, static row => Array.Exists(row, ReadsColumn));
        }
        else if (statement.Query is { } query)
        {
            _query = BindQuery(binding, query);
        }

        if (statement.OnDuplicateKey.Length > 0)
        {
            if (_written.IsView)
                throw SqlErrors.NotSupportedYet("ON DUPLICATE KEY UPDATE through a view").ToException();
            _insertion.OnDuplicate = new DuplicateUpdate(
                binding, statement, _table, _insertion.Changes, _insertion.Defaults, _insertion.Keys, _insertion.Inserted, _written);
        }

        _insertion.BindChecks(binder);
    }

    /// <summary>Plans it.</summary>
    public static CompiledInsert Compile(StatementContext context, BindingContext binding, InsertStatement statement) =>
        new(context, binding, statement);

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        _insertion.Begin(scansTables: Scans.Length > 0);
        if (_rows is not null)
            InsertValues(context.Evaluation);
        else
            InsertQuery(context);

        // What the client calls the insert id is the first generated value of the statement.
        _insertion.KeepInsertId();
        ulong id = _insertion.FirstGenerated != 0 ? _insertion.FirstGenerated : _insertion.LastGiven;
        StatementMessage message = _insertion.Records > 1 || _query is not null
            ? StatementMessage.Inserted(_insertion.Records, _insertion.Duplicates, context.Evaluation.Diagnostics.TotalCount)
            : default;
        return new StatementResult { AffectedRows = _insertion.Affected, LastInsertId = id, Message = message };
    }

    private static bool ReadsColumn(Expression expression)
    {
        if (expression is ColumnExpression)
            return true;
        foreach (Expression child in expression.Children)
        {
            if (ReadsColumn(child))
                return true;
        }

        return false;
    }

    private int[] BindTargets(InsertStatement statement)
    {
        List<int> targets = [];
        if (statement.Columns is { } columns)
        {
            foreach (ColumnNode column in columns)
            {
                int ordinal = _written.OrdinalOf(column.Name);
                if (targets.Contains(ordinal))
                    throw SqlErrors.FieldSpecifiedTwice(column.Name).ToException();
                targets.Add(ordinal);
            }

            return [.. targets];
        }

        return _written.InsertedOrdinals()!;
    }

    private Expression[][] BindRows(ExpressionBinder binder, ExpressionNode[][] rows)
    {
        var bound = new Expression[rows.Length][];
        for (int r = 0; r < rows.Length; r++)
        {
            // VALUES () takes all defaults.
            bool isAllDefault = rows[r].Length == 0 && (_statement.Columns is null || _targets.Length == 0);
            if (rows[r].Length != _targets.Length && !isAllDefault)
                throw SqlErrors.WrongValueCountOnRow(r + 1).ToException();
            bound[r] = new Expression[rows[r].Length];
            for (int i = 0; i < bound[r].Length; i++)
            {
                ExpressionNode node = rows[r][i];
                bound[r][i] = node is DefaultNode { Column: null }
                    ? _insertion.Defaults.ExpressionOf(_targets[i])
                    : ColumnAssignment.SourceFor(_table.Columns[_targets[i]].Type, binder.Bind(node));
            }
        }

        return bound;
    }

    private Operator BindQuery(BindingContext binding, Query query)
    {
        PlannedQuery planned = new QueryPlanner(binding).Plan(query, null, Array.ConvertAll(_targets, ordinal => _table.Columns[ordinal].Type));
        if (planned.Columns.Length != _targets.Length)
            throw SqlErrors.WrongValueCountOnRow(1).ToException();
        return OperatorBuilder.Build(planned.Root);
    }

    private void InsertValues(EvaluationContext evaluation)
    {
        RowBatch row = _insertion.Columns;
        foreach (Expression[] items in _rows!)
        {
            _insertion.BeginRow(_others);
            foreach (int ordinal in _targets)
            {
                if (items.Length == 0)
                    _insertion.Defaults.Store(evaluation, ordinal, row);
                else if (_readsOwnRow)
                    _insertion.Defaults.StoreUnassigned(evaluation, ordinal, row);
            }

            for (int i = 0; i < items.Length; i++)
            {
                ColumnVector value = evaluation.RentValue(items[i], row);
                _insertion.Assign(_targets[i], value, 0);
                evaluation.Return();
            }

            _insertion.WriteRow();
        }
    }

    private void InsertQuery(StatementContext context)
    {
        var types = new List<SqlType>();
        RowStore? store = null;
        MemoryHold memory = default;
        int[] columns = new int[_targets.Length];
        _query!.Open(context);
        while (_query.Next() is { } batch)
        {
            context.ThrowIfStopped();
            if (store is null)
            {
                for (int i = 0; i < columns.Length; i++)
                {
                    columns[i] = i;
                    types.Add(batch.Column(i).Type);
                }

                store = new RowStore([.. types]);
            }

            // The rows are taken whole first: the query may read the table that is written.
            for (int i = 0; i < batch.SelectedCount; i++)
                store.Add(batch, batch.RowAt(i), columns);
            memory.Set(context, store.HeldLength);
        }

        _query.Close();
        for (int row = 0; store is not null && row < store.Count; row++)
        {
            _insertion.BeginRow(_others);
            for (int i = 0; i < columns.Length; i++)
            {
                ColumnVector source = store.Vector(row, i, out int place);
                _insertion.Assign(_targets[i], source, place);
            }

            _insertion.WriteRow();
        }
    }
}
