using P2PDB.Engine.Accounts;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Planning.Windows;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// Binds expressions of one query block: names to slots, operators and functions to typed nodes, subqueries to plans.
/// Once the block has a <see cref="GroupedRow"/>, what is bound reads grouped rows.
/// </summary>
internal sealed class ExpressionBinder(QueryBlock block, BindingContext context)
{
    private bool _takesAnyRow;

    /// <summary>The clause being bound, for error texts: <c>field list</c>, <c>where clause</c> …</summary>
    public string Clause { get; set; } = "field list";

    /// <summary>Select items by alias, asked before columns where <see cref="PrefersAliases"/>, else after them.</summary>
    public Func<string, ExpressionNode?>? Aliases { get; set; }

    /// <summary>True in ORDER BY.</summary>
    public bool PrefersAliases { get; set; }

    /// <summary>What VALUES(column) and a row alias mean in ON DUPLICATE KEY UPDATE; null elsewhere.</summary>
    public Func<ColumnNode, Expression>? InsertedValues { get; set; }

    /// <summary>What DEFAULT and DEFAULT(column) mean; null where they are not allowed.</summary>
    public Func<ColumnNode?, Expression>? Defaults { get; set; }

    /// <summary>The common table expressions in sight of subqueries.</summary>
    public NamedQueryScope? NamedQueries { get; init; }

    /// <summary>The block.</summary>
    public QueryBlock Block => block;

    /// <summary>Binds a list.</summary>
    public Expression[] BindAll(ReadOnlySpan<ExpressionNode> nodes)
    {
        var bound = new Expression[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
            bound[i] = Bind(nodes[i]);
        return bound;
    }

    /// <summary>Binds an expression that stands for a condition.</summary>
    public Expression BindCondition(ExpressionNode node) => Bind(node).AsNumber;

    /// <summary>Binds an expression.</summary>
    public Expression Bind(ExpressionNode node)
    {
        if (block.Grouped is { } grouped && FindGrouped(grouped, node) is { } found)
            return found;

        switch (node)
        {
            case ParameterNode or UserVariableNode or SystemVariableNode or AssignNode when context.Names is not null:
                throw SqlErrors.ViewHasVariable().ToException();
            case ColumnNode n: return BindColumn(n);
            case WindowCallNode or AggregateNode { Over: not null }:
                return WindowBinder.Bind(node, this, context);
            case AggregateNode n: return BindAggregate(n);
            case ParameterNode n: return new ParameterExpression(n.Index, ParameterType(n.Index));
            case IntegerLiteral or DecimalLiteral or FloatLiteral or StringLiteral or BinaryLiteral or BooleanLiteral
                or NullLiteral or TemporalLiteral:
                return LiteralBinder.Bind(node, context);
            case UnaryNode n: return BindUnary(n);
            case BinaryNode n: return BindBinary(n);
            case IsNode n: return BindIs(n);
            case BetweenNode n:
                return Operator.Between(Bind(n.Value), Bind(n.Low), Bind(n.High), n.IsNegated);
            case InListNode n: return BindInList(n);
            case LikeNode n:
                return Operator.Like(
                    Bind(n.Value), Bind(n.Pattern), n.Escape is null ? null : Bind(n.Escape), n.IsNegated);
            case RegexpNode n:
                return Operator.Regexp(Bind(n.Value), Bind(n.Pattern), n.IsNegated);
            case CaseNode n: return BindCase(n);
            case FunctionCallNode { Schema: null } n when n.Name.Equals("GROUPING", StringComparison.OrdinalIgnoreCase):
                return GroupingBinder.Bind(n, this);
            case FunctionCallNode { Schema: null, Arguments: [var any] } n when n.Name.Equals("ANY_VALUE", StringComparison.OrdinalIgnoreCase):
                return BindAnyValue(any);
            case FunctionCallNode n when n.Arguments is not [IntervalUnitNode, _, _]: return BindFunction(n);
            case UserVariableNode n: return VariableExpressions.User(n.Name, context);
            case SystemVariableNode n: return VariableExpressions.System(n, context);
            case AssignNode n: return VariableExpressions.Assign(n.Variable.Name, Bind(n.Value));
            case SubqueryNode n: return SubqueryBinder.Scalar(n.Query, this, context);
            case ExistsNode n: return SubqueryBinder.Exists(n.Query, this, context);
            case InQueryNode n: return Negate(SubqueryBinder.In(n.Value, n.Query, this, context), n.IsNegated);
            case QuantifiedComparisonNode n: return SubqueryBinder.Quantified(n, this, context);
            case DefaultNode n when Defaults is not null: return Defaults(n.Column);
            case InsertedValueNode n: return InsertedValues is not null ? InsertedValues(n.Column) : Constant(SqlValue.Null);
            case RowNode: throw SqlErrors.OperandColumns(1).ToException();
            default: return SyntaxFunctionBinder.Bind(node, this, context);
        }
    }

    /// <summary>Calls a function that the registry knows by name.</summary>
    public Expression Function(string name, ReadOnlySpan<Expression> arguments) =>
        FunctionRegistry.TryBind(name, arguments, out Expression call)
            ? call
            : throw new SqlException(new SqlError(1305, "42000", $"FUNCTION {context.Schema ?? ""}.{name} does not exist"));

    /// <summary>A constant.</summary>
    public static Expression Constant(SqlValue value) => new ConstantExpression(value);

    /// <summary>What a column name means, seen from this block, to who has a privilege on it.</summary>
    public ColumnBinding Resolve(ColumnNode node, PrivilegeSet wanted = PrivilegeSet.Select) => block.Resolve(node, Clause, wanted);

    private SqlType ParameterType(int index) =>
        index < context.ParameterTypes.Length ? context.ParameterTypes[index] : SqlType.VarChar(255, context.LiteralCollation);

    private Expression BindColumn(ColumnNode node)
    {
        if (Aliases is not null && node.Table is null)
        {
            bool isColumn = !PrefersAliases && block.FindHere(node, Clause) is not null;
            if (!isColumn && Aliases(node.Name) is { } aliased && !ReferenceEquals(aliased, node))
            {
                // An alias never means itself again: ORDER BY a, where a is "a + 1 AS a".
                Func<string, ExpressionNode?> aliases = Aliases;
                Aliases = null;
                Expression bound = Bind(aliased);
                Aliases = aliases;
                return bound;
            }
        }

        ColumnBinding binding = block.Resolve(node, Clause);
        if (binding.Expression is { } expression)
            return BindMerged(expression, binding);
        bool isNullable = binding.Column.IsNullable || binding.Relation.IsNullable;
        int slot = binding.Block.Grouped is { } grouped
            ? GroupedSlot(grouped, binding)
            : binding.Block.Slot(binding.Relation, binding.Ordinal);
        return binding.Depth == 0
            ? new ColumnExpression(slot, binding.Column.Type, isNullable, binding.Column.Name)
            : OuterColumn(binding.Block, slot, binding.Column.Type);
    }

    private OuterColumnExpression OuterColumn(QueryBlock outer, int slot, SqlType type)
    {
        var column = new OuterColumnExpression(outer.Current, slot, type);
        context.OuterColumns.Add(column);
        return column;
    }

    /// <summary>A column of a merged view that is an expression over the block's row: a key that the block is grouped by, or the expression itself.</summary>
    private Expression BindMerged(ExpressionNode expression, ColumnBinding binding)
    {
        if (binding.Block.Grouped is { } grouped)
        {
            foreach ((ExpressionNode key, Expression bound, int slot) in grouped.Keys)
            {
                if (!Means(key, binding))
                    continue;
                return binding.Depth == 0
                    ? new ColumnExpression(slot, bound.Type, bound.IsNullable || grouped.HasRollup)
                    : OuterColumn(binding.Block, slot, bound.Type);
            }
        }

        return Bind(expression);
    }

    private bool Means(ExpressionNode key, ColumnBinding binding) =>
        key is ColumnNode column && binding.Block.FindHere(column, Clause) is { } other
        && other.Relation == binding.Relation && other.Ordinal == binding.Ordinal;

    /// <summary>ANY_VALUE(value): the value itself, of some row of the group, whatever the keys determine.</summary>
    private Expression BindAnyValue(ExpressionNode value)
    {
        bool wasAny = _takesAnyRow;
        _takesAnyRow = true;
        Expression bound = Bind(value);
        _takesAnyRow = wasAny;
        return bound;
    }

    private int GroupedSlot(GroupedRow grouped, ColumnBinding binding)
    {
        foreach ((ExpressionNode key, Expression _, int slot) in grouped.Keys)
        {
            if (Means(key, binding))
                return slot;
        }

        if (context.RequiresFullGroupBy && !_takesAnyRow && !grouped.IsDetermined(binding))
        {
            string name = $"{binding.Column.OriginalSchema}.{binding.Relation.Name}.{binding.Column.Name}";
            if (grouped.Keys.Count == 0)
                throw SqlErrors.MixOfGroupAndColumns(1, Clause == "field list" ? "SELECT list" : Clause, name).ToException();
            throw SqlErrors.NotInGroupBy(1, Clause == "field list" ? "SELECT list" : Clause, name).ToException();
        }

        return grouped.CarriedSlot(binding);
    }

    /// <summary>The slot of an expression that equals a key, or of an aggregate met before.</summary>
    private ColumnExpression? FindGrouped(GroupedRow grouped, ExpressionNode node)
    {
        if (node is AggregateNode aggregate)
        {
            foreach ((AggregateNode known, AggregateFunction function, int slot) in grouped.Functions)
            {
                if (ReferenceEquals(known, aggregate) || AstComparer.AreEqual(known, aggregate, Identity))
                    return new ColumnExpression(slot, function.Type, function.IsNullable);
            }

            return null;
        }

        if (node is ColumnNode)
            return null;
        foreach ((ExpressionNode key, Expression bound, int slot) in grouped.Keys)
        {
            if (AstComparer.AreEqual(key, node, Identity))
                return new ColumnExpression(slot, bound.Type, bound.IsNullable || grouped.HasRollup);
        }

        return null;
    }

    /// <summary>What a column of this block or further out is, for finding equal expressions.</summary>
    public object? Identity(ColumnNode column) =>
        block.Find(column, Clause) is { } binding ? (binding.Relation, binding.Ordinal) : null;

    private ColumnExpression BindAggregate(AggregateNode node)
    {
        if (block.Grouped is not { } grouped)
            throw SqlErrors.InvalidGroupFunctionUse().ToException();

        // Arguments are over the rows before grouping.
        block.Grouped = null;
        AggregateFunction function;
        try
        {
            function = AggregateBinder.Bind(node, this);
        }
        finally
        {
            block.Grouped = grouped;
        }

        int slot = grouped.Shape.Add(function.Type);
        grouped.Functions.Add((node, function, slot));
        return new ColumnExpression(slot, function.Type, function.IsNullable);
    }

    private Expression BindBinary(BinaryNode node)
    {
        if (node.Left is RowNode left && node.Right is RowNode right)
            return BindRowComparison(node.Operator, left, right);
        if (node.Left is RowNode row && node.Right is SubqueryNode of && IsComparison(node.Operator))
            return SubqueryBinder.Row(node.Operator, row, of.Query, this, context);
        if (node.Left is SubqueryNode query && node.Right is RowNode other && IsComparison(node.Operator))
            return SubqueryBinder.Row(Reversed(node.Operator), other, query.Query, this, context);
        if (node.Left is RowNode || node.Right is RowNode)
            throw SqlErrors.OperandColumns(node.Left is RowNode l ? l.Items.Length : 1).ToException();
        return Binary(node.Operator, Bind(node.Left), Bind(node.Right));
    }

    private static bool IsComparison(BinaryOperator kind) => kind is BinaryOperator.Equal or BinaryOperator.NullSafeEqual
        or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;

    /// <summary>The comparison with its sides exchanged.</summary>
    private static BinaryOperator Reversed(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => comparison,
    };

    /// <summary>(a, b) op (c, d), compared column by column from the left.</summary>
    private Expression BindRowComparison(BinaryOperator comparison, RowNode left, RowNode right)
    {
        if (left.Items.Length != right.Items.Length)
            throw SqlErrors.OperandColumns(left.Items.Length).ToException();
        return Bind(ExpandRows(comparison, left.Items, right.Items, 0));
    }

    private static ExpressionNode ExpandRows(BinaryOperator comparison, ExpressionNode[] left, ExpressionNode[] right, int from)
    {
        ExpressionNode first = new BinaryNode(
            from + 1 < left.Length && comparison is BinaryOperator.LessOrEqual ? BinaryOperator.Less
            : from + 1 < left.Length && comparison is BinaryOperator.GreaterOrEqual ? BinaryOperator.Greater
            : comparison, left[from], right[from]);
        if (from + 1 == left.Length)
            return first;
        ExpressionNode rest = ExpandRows(comparison, left, right, from + 1);
        if (comparison is BinaryOperator.Equal or BinaryOperator.NullSafeEqual)
            return new BinaryNode(BinaryOperator.And, first, rest);
        if (comparison is BinaryOperator.NotEqual)
            return new BinaryNode(BinaryOperator.Or, first, rest);
        var equal = new BinaryNode(BinaryOperator.Equal, left[from], right[from]);
        return new BinaryNode(BinaryOperator.Or, first, new BinaryNode(BinaryOperator.And, equal, rest));
    }

    private Expression BindInList(InListNode node)
    {
        if (node.Value is RowNode row)
        {
            ExpressionNode? any = null;
            foreach (ExpressionNode item in node.Items)
            {
                if (item is not RowNode other || other.Items.Length != row.Items.Length)
                    throw SqlErrors.OperandColumns(row.Items.Length).ToException();
                ExpressionNode equal = new BinaryNode(BinaryOperator.Equal, row, other);
                any = any is null ? equal : new BinaryNode(BinaryOperator.Or, any, equal);
            }

            return Negate(Bind(any!), node.IsNegated);
        }

        return Operator.In(Bind(node.Value), BindAll(node.Items), node.IsNegated);
    }

    private Expression BindUnary(UnaryNode node)
    {
        switch (node.Operator)
        {
            case UnaryOperator.Minus when node.Operand is IntegerLiteral { Value: 1UL << 63 }:
                return Constant(SqlValue.FromInt64(long.MinValue));
            case UnaryOperator.Minus when LiteralBinder.Negate(node.Operand, context) is { } negative:
                return negative;
            case UnaryOperator.Minus:
                return Operator.Negate(Bind(node.Operand));
            case UnaryOperator.BitNot:
                return Operator.BitwiseNot(Bind(node.Operand));
            case UnaryOperator.Not:
                return Operator.Not(Bind(node.Operand));
            case UnaryOperator.Binary:
                Expression operand = Bind(node.Operand);
                return Operator.Cast(operand, SqlType.VarBinary(NumericTyping.TextLengthOf(operand.Type) * 4));
            default:
                return Bind(node.Operand);
        }
    }

    private Expression BindIs(IsNode node)
    {
        Expression value = Bind(node.Value);
        return node.Test switch
        {
            TruthTest.True => Operator.IsTruth(value, true, node.IsNegated),
            TruthTest.False => Operator.IsTruth(value, false, node.IsNegated),
            _ => Operator.IsNull(value, node.IsNegated),
        };
    }

    private static Expression Negate(Expression condition, bool isNegated) =>
        isNegated ? Operator.Not(condition) : condition;

    /// <summary>Makes the node of an infix operator.</summary>
    public Expression Binary(BinaryOperator kind, Expression left, Expression right) => kind switch
    {
        BinaryOperator.Or => Operator.Or(left, right),
        BinaryOperator.Xor => Operator.Xor(left, right),
        BinaryOperator.And => Operator.And(left, right),
        BinaryOperator.Equal => Operator.Compare(ComparisonOperator.Equal, left, right),
        BinaryOperator.NullSafeEqual => Operator.Compare(ComparisonOperator.NullSafeEqual, left, right),
        BinaryOperator.NotEqual => Operator.Compare(ComparisonOperator.NotEqual, left, right),
        BinaryOperator.Less => Operator.Compare(ComparisonOperator.Less, left, right),
        BinaryOperator.LessOrEqual => Operator.Compare(ComparisonOperator.LessOrEqual, left, right),
        BinaryOperator.Greater => Operator.Compare(ComparisonOperator.Greater, left, right),
        BinaryOperator.GreaterOrEqual => Operator.Compare(ComparisonOperator.GreaterOrEqual, left, right),
        BinaryOperator.SoundsLike => Operator.Compare(
            ComparisonOperator.Equal, Function("SOUNDEX", [left]), Function("SOUNDEX", [right])),
        BinaryOperator.MemberOf => Function("MEMBER OF", [left, right]),
        BinaryOperator.BitOr => Operator.Bitwise('|', left, right),
        BinaryOperator.BitAnd => Operator.Bitwise('&', left, right),
        BinaryOperator.BitXor => Operator.Bitwise('^', left, right),
        BinaryOperator.ShiftLeft => Operator.Bitwise('<', left, right),
        BinaryOperator.ShiftRight => Operator.Bitwise('>', left, right),
        BinaryOperator.Add => Operator.Arithmetic(ArithmeticOperator.Add, left, right),
        BinaryOperator.Subtract => Operator.Arithmetic(ArithmeticOperator.Subtract, left, right),
        BinaryOperator.Multiply => Operator.Arithmetic(ArithmeticOperator.Multiply, left, right),
        BinaryOperator.Divide => Operator.Arithmetic(ArithmeticOperator.Divide, left, right),
        BinaryOperator.IntegerDivide => Operator.Arithmetic(ArithmeticOperator.IntegerDivide, left, right),
        BinaryOperator.Modulo => Operator.Arithmetic(ArithmeticOperator.Modulo, left, right),
        BinaryOperator.Concatenate => Function("CONCAT", [left, right]),
        BinaryOperator.JsonExtract => Function("JSON_EXTRACT", [left, right]),
        BinaryOperator.JsonUnquote => Function("JSON_UNQUOTE", [Function("JSON_EXTRACT", [left, right])]),
        _ => throw SqlErrors.NotSupportedYet(kind.ToString()).ToException(),
    };

    private Expression BindCase(CaseNode node)
    {
        var conditions = new Expression[node.Branches.Length];
        var results = new Expression[node.Branches.Length];
        Expression? operand = node.Operand is null ? null : Bind(node.Operand);
        for (int i = 0; i < conditions.Length; i++)
        {
            Expression condition = Bind(node.Branches[i].Condition);
            conditions[i] = operand is null
                ? condition
                : Operator.Compare(ComparisonOperator.Equal, operand, condition);
            results[i] = Bind(node.Branches[i].Result);
        }

        Expression? otherwise = node.Otherwise is null ? null : Bind(node.Otherwise);
        return Operator.Case(conditions, results, otherwise);
    }

    private Expression BindFunction(FunctionCallNode node)
    {
        Expression[] arguments = BindAll(node.Arguments);
        if (node.Schema is null && FunctionRegistry.TryBind(node.Name, arguments, out Expression call))
            return call;
        string schema = node.Schema ?? context.Schema ?? "";
        throw SqlErrors.RoutineDoesNotExist("FUNCTION", $"{schema}.{node.Name}").ToException();
    }
}
