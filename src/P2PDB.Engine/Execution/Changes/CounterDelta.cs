using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>Tells assignments that add to their own column or take from it, which counters log as deltas, from all others.</summary>
internal static class CounterDelta
{
    /// <summary>True for c + expr, expr + c, c - expr and chains of them, where <paramref name="isOwn"/> says which name is c.</summary>
    public static bool IsDelta(ExpressionNode value, Func<ColumnNode, bool> isOwn) =>
        value is BinaryNode { Operator: BinaryOperator.Add or BinaryOperator.Subtract } sum
        && (Keeps(sum.Left, isOwn) || (sum.Operator == BinaryOperator.Add && Keeps(sum.Right, isOwn)));

    private static bool Keeps(ExpressionNode node, Func<ColumnNode, bool> isOwn) =>
        node is ColumnNode column ? isOwn(column) : IsDelta(node, isOwn);
}
