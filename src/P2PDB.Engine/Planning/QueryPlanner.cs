using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Recursion;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

// PLANNING A QUERY
//
// A query block is bound and planned in one pass: FROM gives the relations; every name that the block's clauses use makes a
// slot in the block's row (RowShape); conditions are split at AND and placed at the lowest step that has all relations they
// read; then come grouping, HAVING, the select list, DISTINCT, ORDER BY and LIMIT. Scans learn last which columns to read,
// when all clauses, and all subqueries that look into the block, are bound.

/// <summary>Turns queries into plans.</summary>
internal sealed class QueryPlanner(BindingContext context, NamedQueryScope? named = null)
{
    private NamedQueryScope? _named = named;

    /// <summary>
    /// Plans a query inside <paramref name="outer"/>, or at the top where that is null. <paramref name="targets"/> are the types of
    /// the columns that its rows are written to, if they are.
    /// </summary>
    public PlannedQuery Plan(Query query, QueryBlock? outer, SqlType[]? targets = null)
    {
        NamedQueryScope? saved = _named;
        if (query.With is { } with)
        {
            foreach (NamedQuery one in with.Queries)
                _named = ScopeOf(one, with, _named);
        }

        PlannedQuery planned = PlanBody(query.Body, query, outer, targets);
        _named = saved;
        return planned;
    }

    /// <summary>The scope that a query of WITH adds.</summary>
    public static NamedQueryScope ScopeOf(NamedQuery query, WithClause with, NamedQueryScope? outer) => new(query, outer)
    {
        IsRecursive = with.IsRecursive && NamedQueryScope.Reads(query.Query.Body, query.Name),
    };

    /// <summary>The common table expression of that name that is in sight, or null.</summary>
    public NamedQueryScope? FindNamedQuery(string name)
    {
        for (NamedQueryScope? scope = _named; scope is not null; scope = scope.Outer)
        {
            if (string.Equals(scope.Query.Name, name, StringComparison.OrdinalIgnoreCase))
                return scope;
        }

        return null;
    }

    /// <summary>Plans a common table expression; it sees those before it only, and itself where it is recursive.</summary>
    public PlannedQuery PlanNamed(NamedQueryScope scope)
    {
        Query query = scope.Query.Query;
        if (!scope.IsRecursive)
            return PlanIn(scope.Outer, query);
        if (query.With is not null || query.Locking.Length > 0)
            throw SqlErrors.NotSupportedYet("WITH inside of a recursive common table expression").ToException();
        return Finish(new RecursionPlanner(this, scope).Plan(), query, null);
    }

    /// <summary>Plans a query that sees other common table expressions than this one.</summary>
    public PlannedQuery PlanIn(NamedQueryScope? named, Query query)
    {
        NamedQueryScope? saved = _named;
        _named = named;
        PlannedQuery planned = Plan(query, null);
        _named = saved;
        return planned;
    }

    /// <summary>What is in sight, for subqueries.</summary>
    public NamedQueryScope? NamedQueries => _named;

    /// <summary>The context.</summary>
    public BindingContext Context => context;

    private PlannedQuery PlanBody(QueryBody body, Query query, QueryBlock? outer, SqlType[]? targets = null)
    {
        switch (body)
        {
            case SelectBody select:
                return new SelectPlanner(this, context, select, query, outer) { Targets = targets }.Plan();
            case NestedBody nested when query.OrderBy.Length == 0 && query.Limit is null:
                return Plan(nested.Query, outer, targets);
            case NestedBody nested:
                return Finish(Plan(nested.Query, outer), query, outer);
            case SetOperationBody operation:
                return Finish(PlanSetOperation(operation, outer), query, outer);
            case ValuesBody values:
                return Finish(PlanValues(values, outer), query, outer);
            case TableBody table:
                SelectItem[] star = [new SelectItem(null, null, null, null)];
                var all = new SelectBody(SelectOptions.None, star) { From = [new NamedTable(table.Name, null)] };
                return PlanBody(all, query, outer);
            default:
                throw SqlErrors.NotSupportedYet("this query").ToException();
        }
    }

    private PlannedQuery PlanOperand(QueryBody body, QueryBlock? outer) => body is NestedBody nested
        ? Plan(nested.Query, outer)
        : PlanBody(body, new Query(null, body), outer);

    private PlannedQuery PlanSetOperation(SetOperationBody operation, QueryBlock? outer)
    {
        PlannedQuery left = PlanOperand(operation.Left, outer);
        PlannedQuery right = PlanOperand(operation.Right, outer);
        if (left.Columns.Length != right.Columns.Length)
            throw SqlErrors.DifferentColumnCounts().ToException();
        var types = new SqlType[left.Columns.Length];
        var columns = new RelationColumn[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = NumericTyping.Merge(left.Columns[i].Type, right.Columns[i].Type);
            columns[i] = new RelationColumn(left.Columns[i].Name, types[i])
            {
                IsNullable = left.Columns[i].IsNullable || right.Columns[i].IsNullable,
            };
        }

        var node = new SetOperationNode(operation.Operator, operation.IsAll, left.Root, right.Root)
        {
            Types = types,
            Rows = left.Root.Rows + right.Root.Rows,
        };
        return new PlannedQuery(node, columns) { IsCorrelated = left.IsCorrelated || right.IsCorrelated };
    }

    private PlannedQuery PlanValues(ValuesBody values, QueryBlock? outer)
    {
        var block = new QueryBlock(outer);
        var binder = new ExpressionBinder(block, context) { NamedQueries = _named };
        var rows = new Expression[values.Rows.Length][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = binder.BindAll(values.Rows[i]);
            if (rows[i].Length != rows[0].Length)
                throw SqlErrors.WrongValueCountOnRow(i + 1).ToException();
        }

        var types = new SqlType[rows[0].Length];
        var columns = new RelationColumn[types.Length];
        for (int column = 0; column < types.Length; column++)
        {
            var items = new Expression[rows.Length];
            for (int row = 0; row < rows.Length; row++)
                items[row] = rows[row][column];
            types[column] = NumericTyping.Aggregate(items);
            columns[column] = new RelationColumn($"column_{column}", types[column]);
        }

        return new PlannedQuery(new ValuesNode(rows, types) { Rows = rows.Length }, columns)
        {
            IsCorrelated = block.IsCorrelated,
        };
    }

    /// <summary>ORDER BY and LIMIT over columns that are known by their output names only.</summary>
    private PlannedQuery Finish(PlannedQuery planned, Query query, QueryBlock? outer)
    {
        if (query.OrderBy.Length == 0 && query.Limit is null)
            return planned;
        var block = new QueryBlock(outer);
        block.Add(new Relation(null, "", planned.Columns));
        for (int i = 0; i < planned.Columns.Length; i++)
            block.Slot(block.Relations[0], i);
        var binder = new ExpressionBinder(block, context) { Clause = "order clause", NamedQueries = _named };
        PlanNode root = planned.Root;
        int visible = planned.Columns.Length;
        List<Expression> items = [];
        for (int i = 0; i < visible; i++)
            items.Add(new ColumnExpression(i, planned.Columns[i].Type));
        List<SortKey> keys = [];
        foreach (OrderItem item in query.OrderBy)
        {
            int ordinal = item.Expression is IntegerLiteral literal
                ? OrdinalOf(literal, visible, "order clause")
                : item.Expression is ColumnNode column && block.FindHere(column, "order clause") is { } binding
                    ? binding.Ordinal
                    : -1;
            if (ordinal < 0)
            {
                ordinal = items.Count;
                items.Add(binder.Bind(item.Expression));
            }

            keys.Add(new SortKey(ordinal, item.IsDescending));
        }

        if (items.Count > visible)
            root = new ProjectNode(root, [.. items]) { Rows = root.Rows };
        LimitNode? limit = BindLimit(query.Limit, root, binder, countsAll: false);
        if (keys.Count > 0)
            root = new SortNode(root, [.. keys]) { Limit = limit, Rows = root.Rows };
        if (items.Count > visible)
            root = new ProjectNode(root, [.. items[..visible]]) { Rows = root.Rows };
        if (limit is not null)
            root = BindLimit(query.Limit, root, binder, countsAll: false)!;
        return planned with { Root = root, IsCorrelated = planned.IsCorrelated || block.IsCorrelated };
    }

    /// <summary>0-based ordinal of a select item named by its number; error 1054 where there is none.</summary>
    public static int OrdinalOf(IntegerLiteral literal, int count, string clause) =>
        literal.Value >= 1 && literal.Value <= (ulong)count
            ? (int)literal.Value - 1
            : throw SqlErrors.UnknownColumn(literal.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), clause).ToException();

    /// <summary>The LIMIT step over an input, or null without one.</summary>
    public static LimitNode? BindLimit(LimitClause? limit, PlanNode input, ExpressionBinder binder, bool countsAll)
    {
        if (limit is null)
            return null;
        Expression count = binder.Bind(limit.Count);
        Expression? offset = limit.Offset is null ? null : binder.Bind(limit.Offset);
        double rows = count is ConstantExpression { Value: var value } ? Math.Min(input.Rows, value.Int64) : input.Rows;
        return new LimitNode(input, count, offset) { CountsAll = countsAll, Rows = rows };
    }
}
