using P2PDB.Engine.Accounts;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Joins;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// Plans the reading half of UPDATE and DELETE: which rows of which tables are meant. The plan's columns are the encoded keys
/// of the target tables' rows, then whatever values were asked for, then sort keys.
/// </summary>
internal sealed class ChangePlanner
{
    private readonly BindingContext _context;
    private readonly QueryPlanner _planner;
    private readonly QueryBlock _block = new(null);
    private readonly FromGroup _group;
    private readonly JoinPlanner _joins;

    /// <summary>Binds the FROM clause: each table may be read, or written as the statement does.</summary>
    public ChangePlanner(BindingContext context, TableSource[] sources, WithClause? with, PrivilegeSet write)
    {
        _context = context;
        NamedQueryScope? named = null;
        foreach (NamedQuery query in with?.Queries ?? [])
            named = QueryPlanner.ScopeOf(query, with!, named);
        _planner = new QueryPlanner(context, named);
        Binder = new ExpressionBinder(_block, context) { NamedQueries = named };
        var from = new FromBinder(_block, context, _planner) { Wanted = PrivilegeSet.Select | write };
        _group = from.Bind(sources);
        HasChecks = from.Checks.Count > 0;
        _joins = new JoinPlanner(_block, Binder, context);
    }

    /// <summary>Binds expressions over the joined row.</summary>
    public ExpressionBinder Binder { get; }

    /// <summary>True where a view WITH CHECK OPTION is among the sources.</summary>
    public bool HasChecks { get; }

    /// <summary>The relations.</summary>
    public List<Relation> Relations => _block.Relations;

    /// <summary>The leaf of a relation, with its table.</summary>
    public FromLeaf LeafOf(Relation relation) => Find(_group, relation)
        ?? throw new InvalidOperationException("A relation without a place in the FROM clause.");

    /// <summary>Makes the plan.</summary>
    public PlanNode Plan(
        IReadOnlyList<Relation> targets, IReadOnlyList<(ExpressionNode Node, SqlType Column)> values, ExpressionNode? where, OrderItem[] orderBy,
        ExpressionNode? limit)
    {
        List<ExpressionNode> conditions = [];
        AstWalker.SplitConjunction(where, conditions);
        List<SemiJoin> semiJoins = new SemiJoinBinder(_block, Binder, _context, _planner).Take(conditions);
        OrderWish? wish = OrderWish.Of(orderBy, _block, _ => null);
        PlanNode root = _joins.Plan(_group, conditions, semiJoins, wish, limit is not null);
        List<Expression> items = [];
        foreach (Relation target in targets)
        {
            ScanNode scan = _joins.ScanOf(target)!;
            scan.KeySlot = _block.Shape.Add(SqlType.VarBinary(3072));
            // Values over several tables are computed on the joined rows: those must not change any more.
            if (Relations.Count > 1)
                scan.Lock = ScanLock.Exclusive;
            items.Add(new ColumnExpression(scan.KeySlot, SqlType.VarBinary(3072)));
        }

        Binder.Clause = "field list";
        foreach ((ExpressionNode node, SqlType column) in values)
            items.Add(ColumnAssignment.SourceFor(column, Binder.Bind(node)));
        List<SortKey> keys = [];
        Binder.Clause = "order clause";
        foreach (OrderItem item in orderBy)
        {
            keys.Add(new SortKey(items.Count, item.IsDescending));
            items.Add(Binder.Bind(item.Expression));
        }

        root = new ProjectNode(root, [.. items]) { Rows = root.Rows };
        Expression? count = limit is null ? null : Binder.Bind(limit);
        if (keys.Count > 0 && !_joins.IsOrderMet)
            root = new SortNode(root, [.. keys]) { Rows = root.Rows };
        if (count is not null)
            root = new LimitNode(root, count, null) { Rows = root.Rows };
        _joins.Seal();
        return root;
    }

    /// <summary>The planner's context.</summary>
    public BindingContext Context => _context;

    private static FromLeaf? Find(FromItem item, Relation relation)
    {
        switch (item)
        {
            case FromLeaf leaf:
                return leaf.Relation == relation ? leaf : null;
            case FromOuterJoin join:
                return Find(join.Left, relation) ?? Find(join.Right, relation);
            case FromGroup group:
                foreach (FromItem part in group.Items)
                {
                    if (Find(part, relation) is { } found)
                        return found;
                }

                return null;
            default:
                return null;
        }
    }
}
