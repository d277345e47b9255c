using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning;

/// <summary>Visits the parts of an expression. Queries inside it are reported, not entered.</summary>
internal static class AstWalker
{
    /// <summary>Calls <paramref name="visit"/> for every direct part of <paramref name="node"/>.</summary>
    public static void VisitParts(ExpressionNode node, Action<ExpressionNode> visit)
    {
        switch (node)
        {
            case UnaryNode n: visit(n.Operand); break;
            case BinaryNode n: visit(n.Left); visit(n.Right); break;
            case IsNode n: visit(n.Value); break;
            case BetweenNode n: visit(n.Value); visit(n.Low); visit(n.High); break;
            case InListNode n: visit(n.Value); VisitAll(n.Items, visit); break;
            case InQueryNode n: visit(n.Value); break;
            case QuantifiedComparisonNode n: visit(n.Left); break;
            case LikeNode n: visit(n.Value); visit(n.Pattern); VisitOptional(n.Escape, visit); break;
            case RegexpNode n: visit(n.Value); visit(n.Pattern); break;
            case CaseNode n:
                VisitOptional(n.Operand, visit);
                foreach (CaseBranch branch in n.Branches)
                {
                    visit(branch.Condition);
                    visit(branch.Result);
                }

                VisitOptional(n.Otherwise, visit);
                break;
            case CastNode n: visit(n.Operand); VisitOptional(n.AtTimeZone, visit); break;
            case CollateNode n: visit(n.Operand); break;
            case ConvertUsingNode n: visit(n.Operand); break;
            case CharNode n: VisitAll(n.Codes, visit); break;
            case ExtractNode n: visit(n.Value); break;
            case TrimNode n: VisitOptional(n.Remove, visit); visit(n.Value); break;
            case DateArithmeticNode n: visit(n.Date); visit(n.Amount); break;
            case FunctionCallNode n: VisitAll(n.Arguments, visit); break;
            case AggregateNode n:
                VisitAll(n.Arguments, visit);
                foreach (OrderItem item in n.OrderBy)
                    visit(item.Expression);
                VisitWindow(n.Over, visit);
                break;
            case WindowCallNode n:
                VisitAll(n.Arguments, visit);
                VisitWindow(n.Over, visit);
                break;
            case RowNode n: VisitAll(n.Items, visit); break;
            case AssignNode n: visit(n.Value); break;
            case MatchNode n: VisitAll(n.Columns, visit); visit(n.Pattern); break;
            case JsonValueNode n:
                visit(n.Document);
                visit(n.Path);
                VisitOptional(n.OnEmpty?.Default, visit);
                VisitOptional(n.OnError?.Default, visit);
                break;
            case WeightStringNode n: visit(n.Value); break;
            default: break;
        }
    }

    /// <summary>The query inside a node itself, or null.</summary>
    public static Query? QueryOf(ExpressionNode node) => node switch
    {
        SubqueryNode n => n.Query,
        ExistsNode n => n.Query,
        InQueryNode n => n.Query,
        QuantifiedComparisonNode n => n.Query,
        _ => null,
    };

    /// <summary>True when <paramref name="node"/> or any part of it satisfies the test.</summary>
    public static bool Any(ExpressionNode? node, Func<ExpressionNode, bool> test)
    {
        if (node is null)
            return false;
        if (test(node))
            return true;
        bool found = false;
        VisitParts(node, part => found = found || Any(part, test));
        return found;
    }

    /// <summary>True where an aggregate of this block is computed inside.</summary>
    public static bool HasAggregate(ExpressionNode? node) => Any(node, part => part is AggregateNode { Over: null });

    /// <summary>Appends the conditions that AND joins.</summary>
    public static void SplitConjunction(ExpressionNode? node, List<ExpressionNode> conditions)
    {
        switch (node)
        {
            case null:
                break;
            case BinaryNode { Operator: BinaryOperator.And } and:
                SplitConjunction(and.Left, conditions);
                SplitConjunction(and.Right, conditions);
                break;
            case BinaryNode { Operator: BinaryOperator.Equal, Left: RowNode left, Right: RowNode right }
                when left.Items.Length == right.Items.Length:
                for (int i = 0; i < left.Items.Length; i++)
                    conditions.Add(new BinaryNode(BinaryOperator.Equal, left.Items[i], right.Items[i]));
                break;
            default:
                conditions.Add(node);
                break;
        }
    }

    /// <summary>The conditions joined by AND; null for none.</summary>
    public static ExpressionNode? JoinConjunction(List<ExpressionNode> conditions)
    {
        ExpressionNode? all = null;
        foreach (ExpressionNode condition in conditions)
            all = all is null ? condition : new BinaryNode(BinaryOperator.And, all, condition);
        return all;
    }

    // Distances of frames are constants and hold no column.
    private static void VisitWindow(WindowReference? over, Action<ExpressionNode> visit)
    {
        if (over?.Specification is not { } window)
            return;
        VisitAll(window.PartitionBy, visit);
        foreach (OrderItem item in window.OrderBy)
            visit(item.Expression);
    }

    private static void VisitAll(ExpressionNode[] nodes, Action<ExpressionNode> visit)
    {
        foreach (ExpressionNode node in nodes)
            visit(node);
    }

    private static void VisitOptional(ExpressionNode? node, Action<ExpressionNode> visit)
    {
        if (node is not null)
            visit(node);
    }
}
