using System.Linq;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Plans queries inside expressions and hands them to Execution, which makes the expressions that run them.</summary>
internal static class SubqueryBinder
{
    /// <summary>(SELECT …) as a value.</summary>
    public static Expression Scalar(Query query, ExpressionBinder binder, BindingContext context)
    {
        PlannedQuery planned = Plan(query, binder, context, out OuterColumnExpression[] reads);
        if (planned.Columns.Length != 1)
            throw SqlErrors.OperandColumns(1).ToException();
        return context.MakeSubquery(Request(SubqueryKind.Scalar, query, planned, reads, binder, context));
    }

    /// <summary>EXISTS (SELECT …).</summary>
    public static Expression Exists(Query query, ExpressionBinder binder, BindingContext context)
    {
        PlannedQuery planned = Plan(query, binder, context, out OuterColumnExpression[] reads);
        AskForFirstRow(planned.Root);
        return context.MakeSubquery(Request(SubqueryKind.Exists, query, planned, reads, binder, context));
    }

    /// <summary>value IN (SELECT …).</summary>
    public static Expression In(ExpressionNode value, Query query, ExpressionBinder binder, BindingContext context)
    {
        Expression[] left = value is RowNode row ? binder.BindAll(row.Items) : [binder.Bind(value)];
        PlannedQuery planned = Plan(query, binder, context, out OuterColumnExpression[] reads);
        if (planned.Columns.Length != left.Length)
            throw SqlErrors.OperandColumns(left.Length).ToException();
        return Compare(SubqueryKind.In, BinaryOperator.Equal, left, query, planned, reads, binder, context);
    }

    /// <summary>value op ANY (SELECT …), value op ALL (SELECT …); rows are compared by = ANY and &lt;&gt; ALL only.</summary>
    public static Expression Quantified(QuantifiedComparisonNode node, ExpressionBinder binder, BindingContext context)
    {
        bool takesRows = node.Operator == (node.IsAll ? BinaryOperator.NotEqual : BinaryOperator.Equal);
        Expression[] left = node.Left is RowNode row && takesRows ? binder.BindAll(row.Items) : [binder.Bind(node.Left)];
        PlannedQuery planned = Plan(node.Query, binder, context, out OuterColumnExpression[] reads);
        if (planned.Columns.Length != left.Length)
            throw SqlErrors.OperandColumns(left.Length).ToException();
        SubqueryKind kind = node.IsAll ? SubqueryKind.All : SubqueryKind.Any;
        return Compare(kind, node.Operator, left, node.Query, planned, reads, binder, context);
    }

    /// <summary>(a, b) op (SELECT …).</summary>
    public static Expression Row(BinaryOperator comparison, RowNode row, Query query, ExpressionBinder binder, BindingContext context)
    {
        Expression[] left = binder.BindAll(row.Items);
        PlannedQuery planned = Plan(query, binder, context, out OuterColumnExpression[] reads);
        if (planned.Columns.Length != left.Length)
            throw SqlErrors.OperandColumns(left.Length).ToException();
        return Compare(SubqueryKind.Row, comparison, left, query, planned, reads, binder, context);
    }

    /// <summary>The comparison is bound over a row that has the left values first and the subquery's columns behind them.</summary>
    private static Expression Compare(
        SubqueryKind kind, BinaryOperator comparison, Expression[] left, Query query, PlannedQuery planned,
        OuterColumnExpression[] reads, ExpressionBinder binder, BindingContext context)
    {
        Expression whole = CompareFrom(0, comparison, left, planned.Columns, binder);
        return context.MakeSubquery(Request(kind, query, planned, reads, binder, context) with { Left = left, Comparison = whole });
    }

    /// <summary>Compares rows from a column on: the first pair that differs decides.</summary>
    private static Expression CompareFrom(
        int first, BinaryOperator comparison, Expression[] left, RelationColumn[] right, ExpressionBinder binder)
    {
        var leftColumn = new ColumnExpression(first, left[first].Type);
        var rightColumn = new ColumnExpression(left.Length + first, right[first].Type);
        if (first == left.Length - 1)
            return binder.Binary(comparison, leftColumn, rightColumn);
        Expression rest = CompareFrom(first + 1, comparison, left, right, binder);
        switch (comparison)
        {
            case BinaryOperator.Equal or BinaryOperator.NullSafeEqual:
                return Operator.And(binder.Binary(comparison, leftColumn, rightColumn), rest);
            case BinaryOperator.NotEqual:
                return Operator.Or(binder.Binary(comparison, leftColumn, rightColumn), rest);
            default:
                BinaryOperator strict = comparison is BinaryOperator.Less or BinaryOperator.LessOrEqual ? BinaryOperator.Less : BinaryOperator.Greater;
                Expression same = Operator.And(binder.Binary(BinaryOperator.Equal, leftColumn, rightColumn), rest);
                return Operator.Or(binder.Binary(strict, leftColumn, rightColumn), same);
        }
    }

    /// <summary>Tells the scans that give out rows one after the other that one is likely to do.</summary>
    private static void AskForFirstRow(PlanNode node)
    {
        switch (node)
        {
            case ScanNode scan:
                scan.IsFirstRowEnough = true;
                break;
            case JoinNode { IsLookup: true } or ProjectNode or FilterNode or LimitNode:
                foreach (PlanNode input in node.Inputs)
                    AskForFirstRow(input);
                break;
            default:
                break;
        }
    }

    private static PlannedQuery Plan(Query query, ExpressionBinder binder, BindingContext context, out OuterColumnExpression[] reads)
    {
        int first = context.OuterColumns.Count;
        PlannedQuery planned = binder.Block.PlanSubquery(query, context, binder.NamedQueries);
        HashSet<OuterRow> enclosing = [];
        for (QueryBlock? block = binder.Block; block is not null; block = block.Outer)
            enclosing.Add(block.Current);
        reads = [.. context.OuterColumns[first..].FindAll(column => enclosing.Contains(column.Outer))
            .DistinctBy(static column => (column.Outer, column.Slot))];
        return planned;
    }

    private static SubqueryRequest Request(
        SubqueryKind kind, Query query, PlannedQuery planned, OuterColumnExpression[] reads, ExpressionBinder binder, BindingContext context)
    {
        var request = new SubqueryRequest(kind, planned.Root, planned.Types);
        if (!planned.IsCorrelated)
            return request;
        bool canBeKeyed = kind is SubqueryKind.Scalar or SubqueryKind.Exists && request.IsRepeatable;
        return request with
        {
            Outer = binder.Block.Current,
            Reads = reads,
            Keyed = canBeKeyed ? new KeyedQueryBinder(binder, context).TryBind(query, kind, planned) : null,
        };
    }
}
