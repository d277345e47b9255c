using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Recursion;

/// <summary>
/// Plans a common table expression that reads itself. Its UNION begins with query blocks that do not: they are the start, and give the
/// columns; each of the others is a step over a working table.
/// </summary>
internal sealed class RecursionPlanner(QueryPlanner planner, NamedQueryScope scope)
{
    private readonly NamedQuery _query = scope.Query;
    private readonly List<QueryBody> _steps = [];
    private bool _isDistinct;

    /// <summary>Plans it.</summary>
    public PlannedQuery Plan()
    {
        QueryBody start = TakeStart(_query.Query.Body);
        PlannedQuery first = planner.PlanIn(scope.Outer, new Query(null, start));
        var table = new WorkingTable(_query.Name, Array.ConvertAll(first.Columns, column => new RelationColumn(column.Name, column.Type)));
        var inner = new NamedQueryScope(_query, scope.Outer) { Working = table };
        var steps = new PlanNode[_steps.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            table.ReferenceCount = 0;
            PlannedQuery step = planner.PlanIn(inner, new Query(null, _steps[i]));
            if (step.Columns.Length != table.Columns.Length)
                throw SqlErrors.DifferentColumnCounts().ToException();
            if (table.ReferenceCount != 1)
                throw RecursionErrors.IsReadTwice(_query.Name).ToException();
            steps[i] = step.Root;
        }

        // How deep it goes nobody knows.
        var node = new RecursiveNode(first.Root, steps, table) { IsDistinct = _isDistinct, Rows = first.Root.Rows * 10 };
        return new PlannedQuery(node, table.Columns);
    }

    /// <summary>Takes the steps off a UNION from the right; what is left is the start.</summary>
    private QueryBody TakeStart(QueryBody body)
    {
        if (!NamedQueryScope.Reads(body, _query.Name))
            return body;
        if (body is not SetOperationBody operation)
            throw (body is SelectBody ? RecursionErrors.NoUnion(_query.Name) : SqlErrors.NotSupportedYet("this form of recursion")).ToException();
        if (operation.Operator != SetOperator.Union)
            throw RecursionErrors.NoUnion(_query.Name).ToException();
        if (!NamedQueryScope.Reads(operation.Right, _query.Name))
            throw RecursionErrors.StartIsMissing(_query.Name).ToException();
        if (operation.Left is not SetOperationBody && NamedQueryScope.Reads(operation.Left, _query.Name))
            throw RecursionErrors.StartIsMissing(_query.Name).ToException();
        QueryBody start = TakeStart(operation.Left);
        if (_steps.Count > 0 && _isDistinct == operation.IsAll)
            throw SqlErrors.NotSupportedYet("UNION ALL and UNION DISTINCT between recursive query blocks").ToException();
        _isDistinct = !operation.IsAll;
        _steps.Add(Checked(operation.Right));
        return start;
    }

    private SelectBody Checked(QueryBody body)
    {
        if (body is NestedBody { Query: { With: null, OrderBy.Length: 0, Limit: null, Locking.Length: 0 } inner })
            body = inner.Body;
        if (body is not SelectBody select)
            throw SqlErrors.NotSupportedYet("ORDER BY / LIMIT / SELECT DISTINCT in recursive query block of Common Table Expression").ToException();
        bool isGrouped = select.GroupBy.Length > 0 || AstWalker.HasAggregate(select.Having)
            || Array.Exists(select.Items, static item => AstWalker.HasAggregate(item.Expression) || Windows.WindowBinder.IsInside(item.Expression));
        if (isGrouped)
            throw RecursionErrors.Aggregates(_query.Name).ToException();
        return (select.Options & SelectOptions.Distinct) == 0 ? select
            : throw SqlErrors.NotSupportedYet("ORDER BY / LIMIT / SELECT DISTINCT in recursive query block of Common Table Expression").ToException();
    }
}
