using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Binds aggregate calls: their arguments over the rows before grouping, and the function over those.</summary>
internal static class AggregateBinder
{
    /// <summary>Binds a call.</summary>
    public static AggregateFunction Bind(AggregateNode node, ExpressionBinder binder)
    {
        foreach (ExpressionNode argument in node.Arguments)
        {
            if (AstWalker.HasAggregate(argument))
                throw SqlErrors.InvalidGroupFunctionUse().ToException();
        }

        Expression[] arguments = binder.BindAll(node.Arguments);
        if (node.Name.Equals("GROUP_CONCAT", StringComparison.OrdinalIgnoreCase))
        {
            var keys = new Expression[node.OrderBy.Length];
            bool[] descending = new bool[keys.Length];
            for (int i = 0; i < keys.Length; i++)
            {
                // A number names an argument, as in ORDER BY of a query.
                keys[i] = node.OrderBy[i].Expression is IntegerLiteral { Value: > 0 } literal && literal.Value <= (ulong)arguments.Length
                    ? arguments[literal.Value - 1]
                    : binder.Bind(node.OrderBy[i].Expression);
                descending[i] = node.OrderBy[i].IsDescending;
            }

            return AggregateRegistry.GroupConcat(arguments, keys, descending, node.IsDistinct, node.Separator ?? ","u8.ToArray());
        }

        return AggregateRegistry.TryBind(node.Name, arguments, node.IsDistinct, out AggregateFunction function)
            ? function
            : throw SqlErrors.RoutineDoesNotExist("FUNCTION", node.Name).ToException();
    }
}
