using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>ON DUPLICATE KEY UPDATE: changes the row that stands in the way of an INSERT.</summary>
internal sealed class DuplicateUpdate
{
    private readonly (int Ordinal, Expression Value)[] _assignments;
    private readonly RowUpdate _update;
    private readonly bool _isIgnore;
    private readonly OuterRow _inserted;
    private readonly OuterRow? _aliasRow;

    /// <summary>Binds the assignments; <paramref name="inserted"/> points at the row that could not be inserted.</summary>
    public DuplicateUpdate(
        BindingContext binding, InsertStatement statement, TableSchema table, RowChanges changes,
        ColumnDefaults defaults, ForeignKeys? keys, OuterRow inserted, WrittenRow written)
    {
        string schema = written.Schema;
        _isIgnore = statement.IsIgnore;
        RelationColumn[] columns = FromBinder.ColumnsOf(schema, table);
        var outer = new QueryBlock(null);
        if (statement.RowAlias is { } alias)
        {
            RelationColumn[] named = columns;
            if (statement.RowAliasColumns.Length > 0)
            {
                named = new RelationColumn[columns.Length];
                for (int i = 0; i < named.Length; i++)
                    named[i] = i < statement.RowAliasColumns.Length ? columns[i] with { Name = statement.RowAliasColumns[i] } : columns[i];
            }

            var newRow = new Relation(null, alias, named);
            outer.Add(newRow);
            for (int i = 0; i < named.Length; i++)
                outer.Slot(newRow, i);
            _aliasRow = outer.Current;
        }

        var block = new QueryBlock(outer);
        var relation = new Relation(schema, table.Name, columns) { Guard = written.Guard };
        block.Add(relation);
        for (int i = 0; i < columns.Length; i++)
            block.Slot(relation, i);
        _inserted = inserted;
        var binder = new ExpressionBinder(block, binding)
        {
            InsertedValues = column => new OuterColumnExpression(
                inserted, OrdinalOf(table, column.Name), table.Columns[OrdinalOf(table, column.Name)].Type),
            Defaults = column => column is null
                ? throw SqlErrors.NotSupportedYet("DEFAULT here").ToException()
                : defaults.ExpressionOf(OrdinalOf(table, column.Name)),
        };
        _assignments = new (int, Expression)[statement.OnDuplicateKey.Length];
        for (int i = 0; i < _assignments.Length; i++)
        {
            Assignment assignment = statement.OnDuplicateKey[i];
            int ordinal = OrdinalOf(table, assignment.Column.Name);
            written.Require(PrivilegeSet.Update, [ordinal]);
            Expression value = assignment.Value is DefaultNode { Column: null }
                ? defaults.ExpressionOf(ordinal)
                : ColumnAssignment.SourceFor(table.Columns[ordinal].Type, binder.Bind(assignment.Value));
            _assignments[i] = (ordinal, value);
        }

        int[] assigned = Array.ConvertAll(_assignments, one => one.Ordinal);
        HashSet<int> deltas = [.. assigned];
        foreach (Assignment assignment in statement.OnDuplicateKey)
        {
            if (!CounterDelta.IsDelta(assignment.Value, column => IsOwn(column, assignment.Column.Name, table.Name)))
                deltas.Remove(OrdinalOf(table, assignment.Column.Name));
        }

        _update = new RowUpdate(table, changes, defaults, keys, RowChecks.Of(binding, schema, table, assigned), assigned) { Deltas = [.. deltas] };
    }

    /// <summary>True for a column of the row that stands there; the inserted one's goes by its alias.</summary>
    private static bool IsOwn(ColumnNode column, string name, string table) =>
        column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        && (column.Table is null || column.Table.Equals(table, StringComparison.OrdinalIgnoreCase));

    /// <summary>Changes the row of a key; gives back what it adds to the affected rows.</summary>
    public ulong Apply(StatementContext context, ReadOnlySpan<byte> key)
    {
        if (!_update.Load(context, key))
            return 0;
        _aliasRow?.MoveTo(_inserted.Batch!, _inserted.Row);
        foreach ((int ordinal, Expression value) in _assignments)
        {
            ColumnVector computed = context.Evaluation.RentValue(value, _update.Columns);
            _update.Assign(context.Evaluation, ordinal, computed, 0);
            context.Evaluation.Return();
        }

        bool isChanged = _update.Write(context, _isIgnore);
        return isChanged ? 2UL : context.Session.CountsFoundRows ? 1UL : 0UL;
    }

    private static int OrdinalOf(TableSchema table, string name)
    {
        int ordinal = table.OrdinalOf(name);
        return ordinal >= 0 ? ordinal : throw SqlErrors.UnknownColumn(name, "field list").ToException();
    }
}
