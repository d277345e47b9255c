using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Binds aggregate calls: their arguments over the rows before grouping, and the function over those.</summary>
internal static class AggregateBinder
{
    /// <summary>Binds a call.</summary>
    public static AggregateFunction Bind(AggregateNode node, ExpressionBinder binder, BindingContext context)
    {
        foreach (ExpressionNode argument in node.Arguments)
        {
            if (AstWalker.HasAggregate(argument))
                throw SqlErrors.InvalidGroupFunctionUse().ToException();
        }

        Expression[] arguments = binder.BindAll(node.Arguments);
        _ = context;
        return AggregateRegistry.Bind(node.Name, arguments, node.IsDistinct);
    }
}
