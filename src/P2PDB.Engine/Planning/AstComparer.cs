using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>
/// Tells whether two expressions of one query block mean the same: that is how GROUP BY finds its keys again in the select
/// list. Positions do not count and names compare without case; what is not listed here is equal to nothing.
/// </summary>
internal static class AstComparer
{
    /// <summary>
    /// True when both mean the same; <paramref name="resolve"/> gives a column's identity, so that <c>a</c> and
    /// <c>t.a</c> are equal where they name one column.
    /// </summary>
    public static bool AreEqual(ExpressionNode? left, ExpressionNode? right, Func<ColumnNode, object?> resolve)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (left is null || right is null || left.GetType() != right.GetType())
            return false;

        return (left, right) switch
        {
            (ColumnNode a, ColumnNode b) => resolve(a) is { } identity && identity.Equals(resolve(b)),
            (IntegerLiteral a, IntegerLiteral b) => a.Value == b.Value,
            (DecimalLiteral a, DecimalLiteral b) => a.Digits == b.Digits,
            (FloatLiteral a, FloatLiteral b) => a.Value.Equals(b.Value),
            (BooleanLiteral a, BooleanLiteral b) => a.Value == b.Value,
            (NullLiteral, NullLiteral) => true,
            (StringLiteral a, StringLiteral b) => a.Value.AsSpan().SequenceEqual(b.Value) && a.CharacterSet == b.CharacterSet,
            (BinaryLiteral a, BinaryLiteral b) => a.Value.AsSpan().SequenceEqual(b.Value),
            (TemporalLiteral a, TemporalLiteral b) => a.Kind == b.Kind && a.Text.AsSpan().SequenceEqual(b.Text),
            (ParameterNode a, ParameterNode b) => a.Index == b.Index,
            (UserVariableNode a, UserVariableNode b) => SameName(a.Name, b.Name),
            (SystemVariableNode a, SystemVariableNode b) => a.Scope == b.Scope && SameName(a.Name, b.Name),
            (UnaryNode a, UnaryNode b) => a.Operator == b.Operator && AreEqual(a.Operand, b.Operand, resolve),
            (BinaryNode a, BinaryNode b) => a.Operator == b.Operator
                && AreEqual(a.Left, b.Left, resolve) && AreEqual(a.Right, b.Right, resolve),
            (IsNode a, IsNode b) => a.Test == b.Test && a.IsNegated == b.IsNegated && AreEqual(a.Value, b.Value, resolve),
            (BetweenNode a, BetweenNode b) => a.IsNegated == b.IsNegated && AreEqual(a.Value, b.Value, resolve)
                && AreEqual(a.Low, b.Low, resolve) && AreEqual(a.High, b.High, resolve),
            (InListNode a, InListNode b) => a.IsNegated == b.IsNegated && AreEqual(a.Value, b.Value, resolve)
                && AreEqual(a.Items, b.Items, resolve),
            (LikeNode a, LikeNode b) => a.IsNegated == b.IsNegated && AreEqual(a.Value, b.Value, resolve)
                && AreEqual(a.Pattern, b.Pattern, resolve) && AreEqual(a.Escape, b.Escape, resolve),
            (CaseNode a, CaseNode b) => AreEqual(a, b, resolve),
            (CastNode a, CastNode b) => Equals(a.Type, b.Type) && AreEqual(a.Operand, b.Operand, resolve),
            (CollateNode a, CollateNode b) => SameName(a.Collation, b.Collation) && AreEqual(a.Operand, b.Operand, resolve),
            (ConvertUsingNode a, ConvertUsingNode b) => SameName(a.CharacterSet, b.CharacterSet)
                && AreEqual(a.Operand, b.Operand, resolve),
            (ExtractNode a, ExtractNode b) => a.Unit == b.Unit && AreEqual(a.Value, b.Value, resolve),
            (TrimNode a, TrimNode b) => a.Side == b.Side && AreEqual(a.Remove, b.Remove, resolve)
                && AreEqual(a.Value, b.Value, resolve),
            (DateArithmeticNode a, DateArithmeticNode b) => a.IsSubtraction == b.IsSubtraction && a.Unit == b.Unit
                && AreEqual(a.Date, b.Date, resolve) && AreEqual(a.Amount, b.Amount, resolve),
            (IntervalUnitNode a, IntervalUnitNode b) => a.Unit == b.Unit,
            (FunctionCallNode a, FunctionCallNode b) => SameName(a.Name, b.Name)
                && AreEqual(a.Arguments, b.Arguments, resolve),
            (AggregateNode a, AggregateNode b) => SameName(a.Name, b.Name) && a.IsDistinct == b.IsDistinct
                && a.Over is null && b.Over is null && a.OrderBy.Length == 0 && b.OrderBy.Length == 0
                && a.Separator.AsSpan().SequenceEqual(b.Separator) && AreEqual(a.Arguments, b.Arguments, resolve),
            (RowNode a, RowNode b) => AreEqual(a.Items, b.Items, resolve),
            _ => false,
        };
    }

    private static bool AreEqual(CaseNode left, CaseNode right, Func<ColumnNode, object?> resolve)
    {
        if (left.Branches.Length != right.Branches.Length || !AreEqual(left.Operand, right.Operand, resolve))
            return false;
        for (int i = 0; i < left.Branches.Length; i++)
        {
            if (!AreEqual(left.Branches[i].Condition, right.Branches[i].Condition, resolve)
                || !AreEqual(left.Branches[i].Result, right.Branches[i].Result, resolve))
            {
                return false;
            }
        }

        return AreEqual(left.Otherwise, right.Otherwise, resolve);
    }

    private static bool AreEqual(ExpressionNode[] left, ExpressionNode[] right, Func<ColumnNode, object?> resolve)
    {
        if (left.Length != right.Length)
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (!AreEqual(left[i], right[i], resolve))
                return false;
        }

        return true;
    }

    private static bool SameName(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
