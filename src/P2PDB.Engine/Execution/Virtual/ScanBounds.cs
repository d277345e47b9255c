using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>
/// What the conditions of a scan say about single columns, so that a made-up table can leave out what they rule out before it makes the
/// rest of a row. Conditions that cannot be asked ahead of their turn, since they might warn or fail or need other columns,
/// say nothing here; the scan asks all of them again. Used during one scan, by its thread.
/// </summary>
internal sealed class ScanBounds
{
    private readonly EvaluationContext _context;
    private readonly VirtualScanNode _node;
    private readonly Dictionary<int, List<Expression>> _conditions = [];   // by the table's column
    private readonly ColumnVector[] _vectors;
    private readonly RowBatch _row;

    public ScanBounds(EvaluationContext context, VirtualScanNode node)
    {
        _context = context;
        _node = node;
        _vectors = new ColumnVector[node.Shape.Count];
        _row = new RowBatch(_vectors, 1) { RowCount = 1 };
        foreach (Expression filter in node.Filters)
            Take(filter);
    }

    /// <summary>False where no row with this value in this column can meet the conditions.</summary>
    public bool Admits(int column, object? value)
    {
        if (!_conditions.TryGetValue(column, out List<Expression>? conditions))
            return true;
        int slot = SlotOf(column);
        ColumnVector vector = _vectors[slot] ??= new ColumnVector(_node.Shape.Types[slot], 1);
        vector.Reset(vector.Type);
        VirtualRows.Write(_context, value, vector, 0);
        foreach (Expression condition in conditions)
        {
            ColumnVector truth = _context.RentValue(condition, _row);
            bool isMet = !truth.IsNull(0) && truth.GetInt64(0) != 0;
            _context.Return();
            if (!isMet)
                return false;
        }

        return true;
    }

    /// <summary>True where <see cref="Admits"/> can rule out values of a column.</summary>
    public bool IsBound(int column) => _conditions.ContainsKey(column);

    /// <summary>The values one of which a column must have, as the conditions write them; null where they name none.</summary>
    public List<SqlValue>? ValuesOf(int column)
    {
        foreach (Expression condition in _conditions.GetValueOrDefault(column) ?? [])
        {
            ReadOnlySpan<Expression> equalities = condition switch
            {
                InListExpression { IsNegated: false } list => list.Children,
                ComparisonExpression { Operator: ComparisonOperator.Equal } equal => new Expression[] { equal },
                _ => default,
            };
            List<SqlValue> values = [];
            foreach (Expression equality in equalities)
            {
                if (TryEvaluate((ComparisonExpression)equality, out _, out SqlValue value))
                    values.Add(value);
            }

            if (values.Count > 0 && values.Count == equalities.Length)
                return values;
        }

        return null;
    }

    /// <summary>The range that the values of a column without negative numbers must lie in; empty where the first is above the last.</summary>
    public (ulong First, ulong Last) RangeOf(int column)
    {
        (Int128 first, Int128 last) = (ulong.MinValue, ulong.MaxValue);
        foreach (Expression condition in _conditions.GetValueOrDefault(column) ?? [])
        {
            if (condition is not ComparisonExpression comparison || !TryEvaluate(comparison, out ComparisonOperator order, out SqlValue value)
                || !value.Type.IsInteger || value.IsNull)
            {
                continue;
            }

            Int128 bound = value.Type.IsUnsigned ? unchecked((ulong)value.Int64) : value.Int64;
            if (order is ComparisonOperator.Equal or ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual)
                first = Int128.Max(first, order == ComparisonOperator.Greater ? bound + 1 : bound);
            if (order is ComparisonOperator.Equal or ComparisonOperator.Less or ComparisonOperator.LessOrEqual)
                last = Int128.Min(last, order == ComparisonOperator.Less ? bound - 1 : bound);
        }

        return first > last || first > ulong.MaxValue || last < 0 ? (1, 0) : ((ulong)first, (ulong)last);
    }

    /// <summary>Takes a condition, or the parts of an AND, that reads one column and can be asked at any time.</summary>
    private void Take(Expression condition)
    {
        if (condition is LogicalExpression { IsAnd: true })
        {
            foreach (Expression part in condition.Children)
                Take(part);
            return;
        }

        int slot = -1;
        if (condition.Type != SqlType.Boolean || !TryFindSlot(condition, ref slot) || slot < 0)
            return;
        int column = _node.Columns[Array.IndexOf(_node.Slots, slot)];
        if (!_conditions.TryGetValue(column, out List<Expression>? conditions))
            _conditions.Add(column, conditions = []);
        conditions.Add(condition);
    }

    private bool TryFindSlot(Expression expression, ref int slot)
    {
        if (expression is ColumnExpression column)
        {
            bool isOnly = slot < 0 || slot == column.Ordinal;
            slot = column.Ordinal;
            return isOnly && Array.IndexOf(_node.Slots, slot) >= 0;
        }

        if (expression is ConstantExpression or ParameterExpression)
            return true;
        if (expression is not (ComparisonExpression or InListExpression or LogicalExpression or LikeExpression))
            return false;
        foreach (Expression child in expression.Children)
        {
            if (!TryFindSlot(child, ref slot))
                return false;
        }

        return true;
    }

    /// <summary>The comparison of a column with a constant, the column on the left.</summary>
    private bool TryEvaluate(ComparisonExpression comparison, out ComparisonOperator order, out SqlValue value)
    {
        order = comparison.Operator;
        value = SqlValue.Null;
        Expression constant = comparison.Children[1];
        if (comparison.Children[0] is not ColumnExpression)
        {
            if (constant is not ColumnExpression)
                return false;
            constant = comparison.Children[0];
            order = order switch
            {
                ComparisonOperator.Less => ComparisonOperator.Greater,
                ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
                ComparisonOperator.Greater => ComparisonOperator.Less,
                ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
                _ => order,
            };
        }

        if (!constant.IsConstant)
            return false;
        value = SqlValue.FromVector(_context.RentValue(constant, _context.OneRow), 0);
        _context.Return();
        return true;
    }

    private int SlotOf(int column) => _node.Slots[Array.IndexOf(_node.Columns, column)];
}
