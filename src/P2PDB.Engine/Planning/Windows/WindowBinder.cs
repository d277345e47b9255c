using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Expressions.Windows;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>Binds window functions: arguments and keys over the row as it is before windows, the function's value to a slot of its own.</summary>
internal static class WindowBinder
{
    /// <summary>True where an expression has a window function of its block.</summary>
    public static bool IsInside(ExpressionNode? node) => AstWalker.Any(node, static part => OverOf(part) is not null);

    /// <summary>The window of a call, or null where the node is none.</summary>
    public static WindowReference? OverOf(ExpressionNode node) => node switch
    {
        WindowCallNode call => call.Over,
        AggregateNode aggregate => aggregate.Over,
        _ => null,
    };

    /// <summary>Binds a call; error 3593 where windows are not allowed.</summary>
    public static ColumnExpression Bind(ExpressionNode node, ExpressionBinder binder, BindingContext context)
    {
        string name = node is WindowCallNode named ? named.Name : ((AggregateNode)node).Name;
#pragma warning disable CA1308 // MySQL shows function names in lower case.
        if (binder.Block.Windows is not { } row)
            throw WindowErrors.InvalidUse(name.ToLowerInvariant()).ToException();
#pragma warning restore CA1308
        if (row.Find(node) is { } known)
            return known;

        Refuse(node, name);
        WindowSpecification specification = WindowDefinitions.Resolve(OverOf(node)!, row.Windows, out string windowName);

        // Window functions have no window functions inside.
        binder.Block.Windows = null;
        try
        {
            WindowGroup group = row.FindGroup(specification, (left, right) => AreEqual(left, right, binder)) ?? AddGroup(row, specification, windowName, binder);
            WindowFunction function = node is WindowCallNode call
                ? WindowRegistry.Bind(call.Name, binder.BindAll(call.Arguments))
                : Aggregate((AggregateNode)node, binder);
            WindowFrameBinding frame = new WindowFrameBinder(windowName, specification, binder, context).Bind(group, function.UsesFrame);
            return row.Add(node, group, function, frame);
        }
        finally
        {
            binder.Block.Windows = row;
        }
    }

    private static void Refuse(ExpressionNode node, string name)
    {
        string? refused = node switch
        {
            WindowCallNode { IgnoreNulls: true } => "IGNORE NULLS",
            WindowCallNode { FromLast: true } => "FROM LAST",
            AggregateNode { IsDistinct: true } => "<window function>(DISTINCT ..)",
            AggregateNode when name is "GROUP_CONCAT" or "ST_COLLECT" => $"{name} as window function",
            _ => null,
        };
        if (refused is not null)
            throw SqlErrors.NotSupportedYet(refused).ToException();
    }

    private static WindowAggregate Aggregate(AggregateNode node, ExpressionBinder binder) =>
        AggregateRegistry.TryBind(node.Name, binder.BindAll(node.Arguments), isDistinct: false, out AggregateFunction function)
            ? new WindowAggregate(function)
            : throw SqlErrors.RoutineDoesNotExist("FUNCTION", node.Name).ToException();

    private static WindowGroup AddGroup(WindowedRow row, WindowSpecification specification, string windowName, ExpressionBinder binder)
    {
        var order = new Expression[specification.OrderBy.Length];
        bool[] descending = new bool[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = BindKey(specification.OrderBy[i].Expression, windowName, binder);
            descending[i] = specification.OrderBy[i].IsDescending;
        }

        Expression[] partition = Array.ConvertAll(specification.PartitionBy, key => BindKey(key, windowName, binder));
        var group = new WindowGroup(partition, order, descending);
        row.AddGroup(specification, group);
        return group;
    }

    private static Expression BindKey(ExpressionNode node, string windowName, ExpressionBinder binder) => node is IntegerLiteral
        ? throw WindowErrors.OrderByPosition(windowName).ToException()
        : binder.Bind(node);

    private static bool AreEqual(WindowSpecification left, WindowSpecification right, ExpressionBinder binder)
    {
        if (left.PartitionBy.Length != right.PartitionBy.Length || left.OrderBy.Length != right.OrderBy.Length)
            return false;
        for (int i = 0; i < left.PartitionBy.Length; i++)
        {
            if (!AstComparer.AreEqual(left.PartitionBy[i], right.PartitionBy[i], binder.Identity))
                return false;
        }

        for (int i = 0; i < left.OrderBy.Length; i++)
        {
            if (left.OrderBy[i].IsDescending != right.OrderBy[i].IsDescending
                || !AstComparer.AreEqual(left.OrderBy[i].Expression, right.OrderBy[i].Expression, binder.Identity))
            {
                return false;
            }
        }

        return true;
    }
}
