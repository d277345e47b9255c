using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>
/// UPDATE of one table or several. The keys of the rows are read first, then each row is locked and read again in its newest
/// version. For one table the condition is checked again and the values are computed on that version, from left to right, as
/// MySQL does; for several they were computed on the joined rows.
/// </summary>
internal sealed class CompiledUpdate : CompiledStatement
{
    private readonly UpdateStatement _statement;
    private readonly List<Target> _targets = [];
    private readonly Operator _rows;
    private readonly ChangedRows _changes = new();
    private readonly RowFilter _recheck;
    private readonly RowFilter _check;
    private readonly WrittenRow? _written;
    private readonly bool _isSingle;

    private CompiledUpdate(StatementContext context, BindingContext binding, UpdateStatement statement)
    {
        _statement = statement;
        var planner = new ChangePlanner(binding, statement.Tables, statement.With, PrivilegeSet.Update);
        _isSingle = planner.Relations.Count == 1;
        List<(ExpressionNode Node, SqlType Column)> values = [];
        foreach (Assignment assignment in statement.Assignments)
            AddAssignment(context, planner, assignment, values);

        List<Relation> relations = [];
        foreach (Target target in _targets)
            relations.Add(target.Relation);
        _rows = OperatorBuilder.Build(planner.Plan(relations, _isSingle ? [] : values, statement.Where, statement.OrderBy, statement.Limit));
        if (!_isSingle && planner.HasChecks)
            throw SqlErrors.NotSupportedYet("UPDATE of several tables through a view WITH CHECK OPTION").ToException();
        _written = _isSingle ? WrittenRow.TryBind(binding, statement.Tables, PrivilegeSet.Select | PrivilegeSet.Update) : null;
        foreach (Target target in _targets)
            target.Prepare(context, binding, _written, planner.Binder.NamedQueries);
        List<ExpressionNode> conditions = _written is null ? [] : [.. _written.Conditions];
        if (_written is not null && statement.Where is not null)
            conditions.Add(statement.Where);
        _recheck = Filter(conditions);
        _check = Filter(_written?.Checks ?? []);
    }

    /// <summary>Plans it.</summary>
    public static CompiledUpdate Compile(StatementContext context, BindingContext binding, UpdateStatement statement) =>
        new(context, binding, statement);

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        ulong found = 0;
        ulong changed = 0;
        try
        {
            _changes.Read(context, _rows);
            Update(context, ref found, ref changed);
        }
        finally
        {
            _changes.Clear();
            foreach (Target target in _targets)
                target.Seen?.Clear();
        }

        return new StatementResult
        {
            AffectedRows = context.Session.CountsFoundRows ? found : changed,
            Message = StatementMessage.Matched(found, changed, context.Evaluation.Diagnostics.TotalCount),
        };
    }

    private void Update(StatementContext context, ref ulong found, ref ulong changed)
    {
        EvaluationContext evaluation = context.Evaluation;
        evaluation.IsStrictWrite = !_statement.IsIgnore;
        evaluation.RowNumber = 0;
        for (int row = 0; row < _changes.Count; row++)
        {
            context.ThrowIfStopped();
            for (int t = 0; t < _targets.Count; t++)
            {
                Target target = _targets[t];
                ReadOnlySpan<byte> key = _changes.Key(row, t);
                if (key.IsEmpty || (!_isSingle && !target.Seen!.Add(Convert.ToHexString(key))))
                    continue;
                if (!target.Update!.Load(context, key))
                    continue;
                if (_isSingle && ChangedRows.MayBeStale(context) && !Matches(_recheck, evaluation, target.Update.Columns))
                    continue;
                found++;
                evaluation.RowNumber++;
                Assign(evaluation, target, row);
                if (!_check.IsEmpty && !Matches(_check, evaluation, target.Update.Columns))
                {
                    if (!_statement.IsIgnore)
                        throw _written!.CheckFailed.ToException();
                    evaluation.Warn(_written!.CheckFailed);
                    continue;
                }

                if (target.Update.Write(context, _statement.IsIgnore))
                    changed++;
            }
        }
    }

    private void AddAssignment(
        StatementContext context, ChangePlanner planner, Assignment assignment, List<(ExpressionNode Node, SqlType Column)> values)
    {
        ColumnBinding binding = planner.Binder.Resolve(assignment.Column, PrivilegeSet.Update);
        if (binding.Expression is not null)
            throw SqlErrors.ColumnNotUpdatable(assignment.Column.Name).ToException();
        binding.RequireWrite(PrivilegeSet.Update);
        FromLeaf leaf = planner.LeafOf(binding.Relation);
        if (leaf.Table is not { } table)
            throw SqlErrors.NonUpdatableTable(binding.Relation.Name, "UPDATE").ToException();
        Target? target = _targets.Find(known => known.Relation == binding.Relation);
        if (target is null)
        {
            if (!context.Node.Transactions.Databases.TryGetValue(binding.Relation.Schema!, out Hash256 database))
                throw SqlErrors.UnknownDatabase(binding.Relation.Schema!).ToException();
            target = new Target(binding.Relation, table, database);
            _targets.Add(target);
        }

        target.Assignments.Add((binding.Ordinal, assignment.Value, values.Count));
        bool isDelta = CounterDelta.IsDelta(assignment.Value, column =>
            column.Name.Equals(assignment.Column.Name, StringComparison.OrdinalIgnoreCase)
            && planner.Binder.Resolve(column) is var named && named.Relation == binding.Relation && named.Ordinal == binding.Ordinal);
        (isDelta ? target.Deltas : target.Replaced).Add(binding.Ordinal);
        ExpressionNode value = assignment.Value is DefaultNode { Column: null } ? new NullLiteral() : assignment.Value;
        values.Add((value, table.Columns[binding.Ordinal].Type));
    }

    private RowFilter Filter(List<ExpressionNode> conditions) =>
        new([.. conditions.ConvertAll(condition => _targets[0].Binder!.BindCondition(condition))]);

    private static bool Matches(RowFilter filter, EvaluationContext evaluation, RowBatch row)
    {
        bool matches = filter.Narrow(evaluation, row);
        row.SelectAll();
        return matches;
    }

    private void Assign(EvaluationContext evaluation, Target target, int row)
    {
        for (int i = 0; i < target.Assignments.Count; i++)
        {
            (int ordinal, _, int valueIndex) = target.Assignments[i];
            if (target.Values[i] is { } expression)
            {
                ColumnVector value = evaluation.RentValue(expression, target.Update!.Columns);
                target.Update.Assign(evaluation, ordinal, value, 0);
                evaluation.Return();
            }
            else
            {
                ColumnVector value = _changes.Value(row, _targets.Count + valueIndex, out int place);
                target.Update!.Assign(evaluation, ordinal, value, place);
            }
        }
    }

    /// <summary>One table that is changed.</summary>
    private sealed class Target(Relation relation, TableSchema table, Hash256 database)
    {
        public Relation Relation { get; } = relation;

        public List<(int Ordinal, ExpressionNode Node, int ValueIndex)> Assignments { get; } = [];

        /// <summary>Columns that an assignment adds to or takes from; they may be among the replaced ones too.</summary>
        public HashSet<int> Deltas { get; } = [];

        /// <summary>Columns that an assignment gives another value.</summary>
        public HashSet<int> Replaced { get; } = [];

        public Expression?[] Values { get; private set; } = [];

        public RowUpdate? Update { get; private set; }

        public ExpressionBinder? Binder { get; private set; }

        public HashSet<string>? Seen { get; private set; }

        /// <summary>Binds values over the table's own row, and for several tables leaves them to the joined rows.</summary>
        public void Prepare(StatementContext context, BindingContext binding, WrittenRow? written, NamedQueryScope? named)
        {
            var defaults = new ColumnDefaults(table, binding);
            var changes = new RowChanges(database, table);
            var keys = ForeignKeys.Of(context, Relation.Schema!, table);
            Deltas.ExceptWith(Replaced);
            int[] assigned = [.. Assignments.ConvertAll(one => one.Ordinal)];
            Update = new RowUpdate(table, changes, defaults, keys, RowChecks.Of(binding, Relation.Schema!, table, assigned), assigned)
            {
                Deltas = [.. Deltas],
            };
            Values = new Expression?[Assignments.Count];
            Seen = written is null ? [] : null;
            Binder = new ExpressionBinder(written?.Block ?? new QueryBlock(null), binding)
            {
                NamedQueries = named,
                Defaults = column => column is null
                    ? throw SqlErrors.NotSupportedYet("DEFAULT here").ToException()
                    : defaults.ExpressionOf(written?.OrdinalOf(column.Name) ?? table.OrdinalOf(column.Name)),
            };
            for (int i = 0; i < Values.Length; i++)
            {
                (int ordinal, ExpressionNode node, _) = Assignments[i];
                if (node is DefaultNode { Column: null })
                    Values[i] = defaults.ExpressionOf(ordinal);
                else if (written is not null)
                    Values[i] = ColumnAssignment.SourceFor(table.Columns[ordinal].Type, NotOfTarget(Binder.Bind(node)));
            }
        }

        /// <summary>Error 1093 for a value that a query finds anew for each row in the table that is being changed.</summary>
        private Expression NotOfTarget(Expression value)
        {
            foreach (QueryExpression query in QueryExpression.AllIn([value]))
            {
                if (query.IsCorrelated && Reads(query.Request.Plan))
                    throw ChangeErrors.ReadsTarget(Relation.Name).ToException();
            }

            return value;
        }

        private bool Reads(PlanNode node) => node switch
        {
            ScanNode scan => scan.Table.Id == table.Id,
            DerivedNode { IsKept: true } => false,
            _ => Array.Exists(node.Inputs, Reads) || QueryExpression.AllIn(node.Expressions).Exists(query => Reads(query.Request.Plan)),
        };
    }
}
