using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>The CHECK constraints that rows of a table must meet which a statement writes: none of the conditions may be false.</summary>
internal sealed class RowChecks
{
    private readonly (string Name, Expression Condition)[] _checks;

    private RowChecks((string Name, Expression Condition)[] checks) => _checks = checks;

    /// <summary>
    /// Binds the enforced constraints of a table, for an update those that read one of the columns it assigns; null where there are none.
    /// </summary>
    public static RowChecks? Of(BindingContext binding, string schema, TableSchema table, int[]? assigned = null)
    {
        List<(string, Expression)> bound = [];
        foreach (CheckDefinition check in table.Checks)
        {
            if (check.IsEnforced && (assigned is null || Reads(table, check, assigned)))
                bound.Add((check.Name, Bind(binding, FromBinder.ColumnsOf(schema, table), check, table.OrdinalOf)));
        }

        return bound.Count == 0 ? null : new RowChecks([.. bound]);
    }

    /// <summary>The constraints of a definition over a row of columns, which <paramref name="ordinalOf"/> finds in it.</summary>
    public static RowChecks Of(
        BindingContext binding, RelationColumn[] columns, IEnumerable<CheckDefinition> checks, Func<Storage.ColumnId, int> ordinalOf)
    {
        List<(string, Expression)> bound = [];
        foreach (CheckDefinition check in checks)
            bound.Add((check.Name, Bind(binding, (RelationColumn[])columns.Clone(), check, ordinalOf)));
        return new RowChecks([.. bound]);
    }

    /// <summary>The condition that a text is.</summary>
    public static ExpressionNode Parse(string condition)
    {
        Statement statement = Parser.Parse(Encoding.UTF8.GetBytes("SELECT " + condition), default, out _);
        return ((SelectBody)((SelectStatement)statement).Query.Body).Items[0].Expression!;
    }

    /// <summary>Error 3819 where the row, alone in its batch, does not meet a constraint.</summary>
    public SqlError? FindViolation(EvaluationContext evaluation, RowBatch row)
    {
        foreach ((string name, Expression condition) in _checks)
        {
            ColumnVector truth = evaluation.RentValue(condition, row);
            bool isViolated = !truth.IsNull(0) && !Conversion.IsTrue(evaluation, truth, 0);
            evaluation.Return();
            if (isViolated)
                return ConstraintErrors.CheckViolated(name);
        }

        return null;
    }

    private static bool Reads(TableSchema table, CheckDefinition check, int[] assigned)
    {
        foreach (ReferencedColumn column in check.Columns)
        {
            int ordinal = table.OrdinalOf(column.Id);
            if (Array.IndexOf(assigned, ordinal) >= 0 || table.Columns[ordinal].IsUpdatedToNow)
                return true;
        }

        return false;
    }

    /// <summary>Names in the text mean the columns that it was made for, whatever these are called now.</summary>
    private static Expression Bind(
        BindingContext binding, RelationColumn[] columns, CheckDefinition check, Func<Storage.ColumnId, int> ordinalOf)
    {
        for (int i = 0; i < columns.Length; i++)
            columns[i] = columns[i] with { Name = "" };
        foreach (ReferencedColumn column in check.Columns)
            columns[ordinalOf(column.Id)] = columns[ordinalOf(column.Id)] with { Name = column.Name };
        var block = new QueryBlock(null);
        var relation = new Relation(null, "", columns);
        block.Add(relation);
        for (int i = 0; i < columns.Length; i++)
            block.Slot(relation, i);
        return new ExpressionBinder(block, binding).BindCondition(Parse(check.Condition));
    }
}
