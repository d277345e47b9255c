using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>DELETE from one table or several.</summary>
internal sealed class CompiledDelete : CompiledStatement
{
    private readonly List<RowRemoval> _removals = [];
    private readonly Operator _rows;
    private readonly ChangedRows _changes = new();
    private readonly RowFilter _recheck;
    private readonly bool _isSingle;
    private readonly bool _isIgnore;

    private CompiledDelete(StatementContext context, BindingContext binding, DeleteStatement statement)
    {
        var planner = new ChangePlanner(binding, statement.From, statement.With, PrivilegeSet.Delete);
        List<Relation> targets = [];
        if (statement.Targets.Length == 0)
        {
            targets.Add(planner.Relations[0]);
        }
        else
        {
            foreach (ObjectName name in statement.Targets)
                targets.Add(Find(planner, name));
        }

        _isSingle = planner.Relations.Count == 1;
        _isIgnore = statement.IsIgnore;
        List<Expression> conditions = [];
        foreach (Relation target in targets)
        {
            if (target.HiddenBy is { } view && ulong.PopCount(view.Positions) > 1)
                throw SqlErrors.DeleteFromJoinView(view.Schema ?? "", view.Name).ToException();
            target.RequireWrite(PrivilegeSet.Delete);
            TableSchema table = planner.LeafOf(target).Table
                ?? throw SqlErrors.NonUpdatableTable(target.Name, "DELETE").ToException();
            if (!context.Node.Transactions.Databases.TryGetValue(target.Schema!, out Hash256 database))
                throw SqlErrors.UnknownDatabase(target.Schema!).ToException();
            _removals.Add(new RowRemoval(table, new RowChanges(database, table), ForeignKeys.Of(context, target.Schema!, table)));
        }

        _rows = OperatorBuilder.Build(planner.Plan(targets, [], statement.Where, statement.OrderBy, statement.Limit));
        if (_isSingle && WrittenRow.TryBind(binding, statement.From, PrivilegeSet.Select | PrivilegeSet.Delete) is { } written)
        {
            var binder = new ExpressionBinder(written.Block, binding) { NamedQueries = planner.Binder.NamedQueries };
            foreach (ExpressionNode condition in written.Conditions)
                conditions.Add(binder.BindCondition(condition));
            if (statement.Where is not null)
                conditions.Add(binder.BindCondition(statement.Where));
        }

        _recheck = new RowFilter([.. conditions]);
    }

    /// <summary>Plans it.</summary>
    public static CompiledDelete Compile(StatementContext context, BindingContext binding, DeleteStatement statement) =>
        new(context, binding, statement);

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        try
        {
            _changes.Read(context, _rows);
            return new StatementResult { AffectedRows = Remove(context) };
        }
        finally
        {
            _changes.Clear();
        }
    }

    private ulong Remove(StatementContext context)
    {
        ulong deleted = 0;
        for (int row = 0; row < _changes.Count; row++)
        {
            context.ThrowIfStopped();
            for (int target = 0; target < _removals.Count; target++)
            {
                ReadOnlySpan<byte> key = _changes.Key(row, target);
                if (key.IsEmpty)
                    continue;
                RowRemoval removal = _removals[target];
                if (!removal.Load(context, key) || (_isSingle && ChangedRows.MayBeStale(context) && !StillMatches(context, removal.Row.Columns)))
                    continue;
                if (removal.RemoveOrWarn(context, _isIgnore))
                    deleted++;
            }
        }

        return deleted;
    }

    private bool StillMatches(StatementContext context, RowBatch row)
    {
        bool matches = _recheck.Narrow(context.Evaluation, row);
        row.SelectAll();
        return matches;
    }

    private static Relation Find(ChangePlanner planner, ObjectName name)
    {
        foreach (Relation relation in planner.Relations)
        {
            if ((relation.HiddenBy ?? relation).Answers(name))
                return relation;
        }

        throw SqlErrors.UnknownTableInClause(name.Name, "MULTI DELETE").ToException();
    }
}
