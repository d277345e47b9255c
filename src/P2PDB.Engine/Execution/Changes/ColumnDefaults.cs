using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>What the columns of a table take when a statement does not name them, or says DEFAULT.</summary>
internal sealed class ColumnDefaults
{
    private readonly TableSchema _table;
    private readonly ColumnAssignment[] _assignments;
    private readonly Expression?[] _expressions;

    /// <summary>Binds the defaults of a table.</summary>
    public ColumnDefaults(TableSchema table, BindingContext binding)
    {
        _table = table;
        _assignments = new ColumnAssignment[table.Columns.Length];
        _expressions = new Expression?[_assignments.Length];
        for (int i = 0; i < _assignments.Length; i++)
        {
            ColumnSchema column = table.Columns[i];
            _assignments[i] = new ColumnAssignment(column.Type, column.Name, column.IsNullable);
            _expressions[i] = Bind(column, binding);
        }
    }

    /// <summary>How values are stored in a column.</summary>
    public ColumnAssignment Assignment(int ordinal) => _assignments[ordinal];

    /// <summary>True where leaving the column out is an error in strict mode.</summary>
    public bool IsRequired(int ordinal)
    {
        ColumnSchema column = _table.Columns[ordinal];
        return column.Default.Kind == DefaultKind.None && !column.IsNullable && !column.IsAutoIncrement;
    }

    /// <summary>The default as an expression, for DEFAULT and DEFAULT(column); error 1364 where there is none.</summary>
    public Expression ExpressionOf(int ordinal)
    {
        if (_expressions[ordinal] is { } expression)
            return expression;
        ColumnSchema column = _table.Columns[ordinal];
        if (column.IsNullable || column.IsAutoIncrement)
            return new ConstantExpression(SqlValue.NullOf(column.Type));
        throw SqlErrors.NoDefaultForField(column.Name).ToException();
    }

    /// <summary>Stores the default in a column of a row.</summary>
    public void Store(EvaluationContext context, int ordinal, RowBatch row)
    {
        ColumnVector target = row.Column(ordinal);
        if (_expressions[ordinal] is { } expression)
        {
            ColumnVector value = context.RentValue(expression, row);
            _assignments[ordinal].Assign(context, value, 0, target, 0);
            context.Return();
            return;
        }

        ColumnSchema column = _table.Columns[ordinal];
        if (!column.IsNullable && !column.IsAutoIncrement)
            context.WarnOrFail(SqlErrors.NoDefaultForField(column.Name));
        StoreEmpty(column, target);
    }

    /// <summary>
    /// Stores what expressions of a row see in a column that the row assigns later: its default; NULL, zero or empty where there
    /// is none, or where it is computed.
    /// </summary>
    public void StoreUnassigned(EvaluationContext context, int ordinal, RowBatch row)
    {
        if (_table.Columns[ordinal].Default.Kind == DefaultKind.Literal)
            Store(context, ordinal, row);
        else
            StoreEmpty(_table.Columns[ordinal], row.Column(ordinal));
    }

    /// <summary>Makes NOW() with the fraction digits of a column.</summary>
    public static Expression Now(SqlType type)
    {
        Expression digits = new ConstantExpression(SqlValue.FromInt64(type.Scale));
        FunctionRegistry.TryBind("CURRENT_TIMESTAMP", type.Scale > 0 ? [digits] : [], out Expression now);
        return now;
    }

    private static void StoreEmpty(ColumnSchema column, ColumnVector target)
    {
        if (column.IsNullable)
            target.SetNull(0);
        else
            ColumnAssignment.ImplicitDefault(column.Type).CopyTo(target, 0);
    }

    private static Expression? Bind(ColumnSchema column, BindingContext binding)
    {
        switch (column.Default.Kind)
        {
            case DefaultKind.Literal:
                byte[] text = Encoding.UTF8.GetBytes(column.Default.Text);
                SqlType type = column.Type.IsBinaryString
                    ? SqlType.VarBinary(text.Length) : SqlType.VarChar(column.Default.Text.Length);
                return new ConstantExpression(SqlValue.FromBytes(type, text));
            case DefaultKind.CurrentTimestamp:
                return Now(column.Type);
            case DefaultKind.Expression:
                byte[] sql = Encoding.UTF8.GetBytes("SELECT (" + column.Default.Text + ")");
                Statement statement = Parser.Parse(sql, default, out _);
                var select = (SelectBody)((SelectStatement)statement).Query.Body;
                return new ExpressionBinder(new QueryBlock(null), binding).Bind(select.Items[0].Expression!);
            default:
                return null;
        }
    }
}
