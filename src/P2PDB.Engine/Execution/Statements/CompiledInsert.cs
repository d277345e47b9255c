using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>INSERT and REPLACE, from VALUES, SET or a query, with IGNORE and ON DUPLICATE KEY UPDATE.</summary>
internal sealed class CompiledInsert : CompiledStatement
{
    private readonly InsertStatement _statement;
    private readonly WrittenRow _written;
    private readonly RowFilter _check;
    private readonly TableSchema _table;
    private readonly Hash256 _database;
    private readonly int[] _targets;
    private readonly int[] _others;
    private readonly Expression[][]? _rows;
    private readonly Operator? _query;
    private readonly ColumnDefaults _defaults;
    private readonly TableRow _row;
    private readonly RowChanges _changes;
    private readonly OuterRow _inserted = new();
    private readonly DuplicateUpdate? _onDuplicate;
    private readonly RowRemoval _removal;
    private readonly bool _readsOwnRow;
    private bool _isNumberGiven;

    private CompiledInsert(StatementContext context, BindingContext binding, InsertStatement statement)
    {
        _statement = statement;
        _written = Bind(context, binding, statement);
        _table = _written.Table;
        context.DatabaseOf(_written.Schema, out _database);
        _row = new TableRow(_table);
        _changes = new RowChanges(_database, _table);
        _defaults = new ColumnDefaults(_table, binding);
        _removal = new RowRemoval(_table, _changes);
        _targets = BindTargets(statement);
        _others = OthersThan(_targets);

        var binder = new ExpressionBinder(_written.Block, binding)
        {
            Defaults = column => column is null ? throw SqlErrors.NotSupportedYet("DEFAULT here").ToException()
                : _defaults.ExpressionOf(_written.OrdinalOf(column.Name)),
        };
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
            _onDuplicate = new DuplicateUpdate(binding, statement, _table, _changes, _defaults, _inserted, _written.Schema);
        }

        _check = new RowFilter([.. _written.Checks.ConvertAll(binder.BindCondition)]);
    }

    /// <summary>Plans it.</summary>
    public static CompiledInsert Compile(StatementContext context, BindingContext binding, InsertStatement statement) =>
        new(context, binding, statement);

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        using var unique = new UniqueKeys(context, _table);
        var run = new Run(context, unique);
        context.Evaluation.IsStrictWrite = !_statement.IsIgnore;
        context.Evaluation.RowNumber = 0;
        if (_rows is not null)
            InsertValues(ref run);
        else
            InsertQuery(ref run);

        // What the client calls the insert id is the first generated value of the statement.
        if (run.FirstGenerated != 0)
            context.Session.LastInsertId = run.FirstGenerated;
        ulong id = run.FirstGenerated != 0 ? run.FirstGenerated : run.LastGiven;
        string? message = run.Records > 1 || _query is not null
            ? $"Records: {run.Records}  Duplicates: {run.Duplicates}  Warnings: {context.Evaluation.Diagnostics.TotalCount}"
            : null;
        return new StatementResult { AffectedRows = run.Affected, LastInsertId = id, Message = message };
    }

    private struct Run(StatementContext context, UniqueKeys unique)
    {
        public readonly StatementContext Context = context;
        public readonly UniqueKeys Unique = unique;
        public ulong Affected;
        public ulong Records;
        public ulong Duplicates;
        public ulong FirstGenerated;
        public ulong LastGiven;
    }

    private static WrittenRow Bind(StatementContext context, BindingContext binding, InsertStatement statement)
    {
        string schema = context.SchemaOrChosen(statement.Table.Schema);
        if (context.DatabaseOf(schema, out _).FindView(statement.Table.Name) is null)
            context.TableOf(schema, statement.Table.Name, out _);
        return WrittenRow.TryBind(binding, [new NamedTable(statement.Table, null)]) is { } written && written.InsertedOrdinals() is not null
            ? written
            : throw SqlErrors.NonInsertableTable(statement.Table.Name, "INSERT").ToException();
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

    private int[] OthersThan(int[] targets)
    {
        List<int> others = [];
        for (int i = 0; i < _table.Columns.Length; i++)
        {
            if (Array.IndexOf(targets, i) < 0)
                others.Add(i);
        }

        return [.. others];
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
                    ? _defaults.ExpressionOf(_targets[i])
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

    private void InsertValues(ref Run run)
    {
        EvaluationContext evaluation = run.Context.Evaluation;
        foreach (Expression[] items in _rows!)
        {
            evaluation.RowNumber++;
            run.Records++;
            BeginRow(evaluation);
            foreach (int ordinal in _targets)
            {
                if (items.Length == 0)
                    _defaults.Store(evaluation, ordinal, _row.Columns);
                else if (_readsOwnRow)
                    _defaults.StoreUnassigned(evaluation, ordinal, _row.Columns);
            }

            for (int i = 0; i < items.Length; i++)
            {
                ColumnVector value = evaluation.RentValue(items[i], _row.Columns);
                Assign(evaluation, _targets[i], value, 0);
                evaluation.Return();
            }

            InsertRow(ref run);
        }
    }

    private void InsertQuery(ref Run run)
    {
        StatementContext context = run.Context;
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
            context.Evaluation.RowNumber++;
            run.Records++;
            BeginRow(context.Evaluation);
            for (int i = 0; i < columns.Length; i++)
            {
                ColumnVector source = store.Vector(row, i, out int place);
                Assign(context.Evaluation, _targets[i], source, place);
            }

            InsertRow(ref run);
        }
    }

    private void BeginRow(EvaluationContext evaluation)
    {
        _row.Clear();
        _isNumberGiven = false;
        foreach (int ordinal in _others)
        {
            if (_written.IsView && _defaults.IsRequired(ordinal))
                evaluation.WarnOrFail(_written.FieldWithoutDefault);
            _defaults.Store(evaluation, ordinal, _row.Columns);
        }
    }

    private void Assign(EvaluationContext evaluation, int ordinal, ColumnVector value, int valueRow)
    {
        ColumnVector target = _row.Columns.Column(ordinal);
        ColumnSchema column = _table.Columns[ordinal];
        if (column.IsAutoIncrement)
        {
            // Later expressions of the row see a zero: the number comes when the row is complete.
            _isNumberGiven = !value.IsNull(valueRow);
            if (!_isNumberGiven)
            {
                ColumnAssignment.ImplicitDefault(column.Type).CopyTo(target, 0);
                return;
            }
        }

        _defaults.Assignment(ordinal).Assign(evaluation, value, valueRow, target, 0);
    }

    private void InsertRow(ref Run run)
    {
        StatementContext context = run.Context;
        context.ThrowIfStopped();
        Generate(ref run);
        if (!_check.IsEmpty && !MeetsCheck(context))
            return;
        _row.Encode();
        if (_table.PrimaryKey is not null)
            _row.EncodeKey();
        else
            context.Transaction.WriteHiddenKey(_database, _row.PrepareKey(HiddenKey.Length));

        while (run.Unique.FindConflict(_row) is { } index)
        {
            run.Duplicates++;
            if (_statement.IsReplace)
            {
                _removal.Remove(context, run.Unique.Owner);
                run.Affected++;
                continue;
            }

            if (_onDuplicate is not null)
            {
                _inserted.MoveTo(_row.Columns, 0);
                run.Affected += _onDuplicate.Apply(context, run.Unique.Owner);
                return;
            }

            SqlError error = UniqueKeys.DuplicateError(context, _table, index, _row);
            if (!_statement.IsIgnore)
                throw error.ToException();
            context.Evaluation.Warn(error);
            return;
        }

        _changes.Insert(context.Transaction, _row.Key, _row.Image);
        context.Session.Counters.Add(StatusCounter.InnodbRowsInserted);
        run.Affected++;
    }

    /// <summary>True where the view shows the row; else error 1369, or with IGNORE a warning.</summary>
    private bool MeetsCheck(StatementContext context)
    {
        bool meets = _check.Narrow(context.Evaluation, _row.Columns);
        _row.Columns.SelectAll();
        if (meets)
            return true;
        if (!_statement.IsIgnore)
            throw _written.CheckFailed.ToException();
        context.Evaluation.Warn(_written.CheckFailed);
        return false;
    }

    /// <summary>Gives the AUTO_INCREMENT column its value, or takes note of the one that the statement gave.</summary>
    private void Generate(ref Run run)
    {
        int ordinal = _table.AutoIncrementOrdinal;
        if (ordinal < 0)
            return;
        ColumnVector column = _row.Columns.Column(ordinal);
        bool takesZero = (run.Context.Evaluation.Mode & SqlMode.NoAutoValueOnZero) != 0;
        ulong given = column.Physical == PhysicalKind.Double ? (ulong)column.GetDouble(0) : (ulong)column.GetInt64(0);
        if (_isNumberGiven && (given != 0 || takesZero))
        {
            bool isNegative = !column.Type.IsUnsigned && column.Physical == PhysicalKind.Int64 && (long)given < 0;
            if (!isNegative)
            {
                _table.AutoIncrement.Observe(given);
                run.LastGiven = given;
            }

            return;
        }

        ulong value = NextGenerated(run.Context, MaxOf(column.Type));
        if (column.Physical == PhysicalKind.Double)
            column.SetDouble(0, value);
        else
            column.SetInt64(0, (long)value);
        if (run.FirstGenerated == 0)
            run.FirstGenerated = value;
    }

    private ulong NextGenerated(StatementContext context, ulong max)
    {
        try
        {
            return context.Transaction.TryNextGenerated(_database, _table, max, out ulong value)
                ? value
                : throw new SqlException(new SqlError(1467, "HY000", "Failed to read auto-increment value from storage engine"));
        }
        catch (IOException failure)
        {
            // Nothing was promised yet: the value is not used, and a later statement tries again.
            throw (failure is DiskFullException ? SqlErrors.DiskFull("generated", 28, "No space left on device")
                : SqlErrors.ErrorOnWrite("generated", failure.HResult, failure.Message)).ToException();
        }
    }

    private static ulong MaxOf(SqlType type)
    {
        int bits = type.Kind switch
        {
            SqlTypeKind.TinyInt => 8,
            SqlTypeKind.SmallInt => 16,
            SqlTypeKind.MediumInt => 24,
            SqlTypeKind.Int => 32,
            SqlTypeKind.Float => 25,
            SqlTypeKind.Double => 54,
            _ => 64,
        };
        int usable = type.IsUnsigned ? bits : bits - 1;
        return usable == 64 ? ulong.MaxValue : (1UL << usable) - 1;
    }
}
