using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Planning.Joins;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Windows;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Plans one SELECT with the ORDER BY and LIMIT that belong to it.</summary>
internal sealed class SelectPlanner
{
    private readonly QueryPlanner _planner;
    private readonly BindingContext _context;
    private readonly SelectBody _select;
    private readonly Query _query;
    private readonly QueryBlock _block;
    private readonly ExpressionBinder _binder;
    private readonly FromBinder _from;
    private readonly List<SelectOutput> _outputs = [];
    private OrderItem[] _orderBy;
    private readonly List<Expression> _items = [];
    private readonly List<SortKey> _sortKeys = [];
    private readonly List<ExpressionNode> _groupKeys = [];

    public SelectPlanner(
        QueryPlanner planner, BindingContext context, SelectBody select, Query query, QueryBlock? outer)
    {
        _planner = planner;
        _context = context;
        _select = select;
        _query = query;
        _block = new QueryBlock(outer, context.Names);
        _orderBy = query.OrderBy;
        _binder = new ExpressionBinder(_block, context) { NamedQueries = planner.NamedQueries };
        _from = new FromBinder(_block, context, planner);
    }

    /// <summary>The types of the columns that the rows are written to, if they are: a bare bit or hex literal is a number to numbers.</summary>
    public SqlType[]? Targets { get; init; }

    private bool IsDistinct => (_select.Options & SelectOptions.Distinct) != 0;

    /// <summary>Plans it.</summary>
    public PlannedQuery Plan()
    {
        FromGroup group = _from.Bind(_select.From);
        group.IsOrdered |= (_select.Options & SelectOptions.StraightJoin) != 0;
        ExpandItems();
        bool isGrouped = IsGrouped();
        if (_orderBy.Length == 0 && !isGrouped && !IsDistinct && _block.Outer is null)
            _orderBy = _from.ViewOrder;
        WindowDefinitions.Check(_select.Windows);
        bool hasWindows = _outputs.Exists(static output => WindowBinder.IsInside(output.Node))
            || Array.Exists(_orderBy, static item => WindowBinder.IsInside(item.Expression));

        var joins = new JoinPlanner(_block, _binder, _context);
        List<ExpressionNode> conditions = [];
        AstWalker.SplitConjunction(_select.Where, conditions);
        foreach (ExpressionNode condition in conditions)
        {
            if (AstWalker.HasAggregate(condition))
                throw SqlErrors.InvalidGroupFunctionUse().ToException();
        }

        List<SemiJoin> semiJoins = _select.From.Length == 0 ? [] : new SemiJoinBinder(_block, _binder, _context, _planner).Take(conditions);
        OrderWish? wish = isGrouped || IsDistinct || hasWindows ? null : OrderWish.Of(_orderBy, _block, FindAlias);
        PlanNode root = _select.From.Length == 0
            ? new ValuesNode([[]], []) { Rows = 1 }
            : joins.Plan(group, conditions, semiJoins, wish, _query.Limit is not null);
        if (_select.From.Length == 0 && conditions.Count > 0)
            root = new FilterNode(root, BindConditions(conditions)) { Rows = 1 };

        GroupedRow? grouped = null;
        Expression? having = null;
        if (isGrouped)
        {
            grouped = MakeGroupedRow(conditions);
            _block.Grouped = grouped;
        }

        WindowedRow? windows = hasWindows ? new WindowedRow(grouped?.Shape ?? _block.Shape, _select.Windows) : null;
        _block.Windows = windows;
        BindItems();
        _block.Windows = null;
        if (_select.Having is not null)
        {
            _binder.Clause = "having clause";
            _binder.Aliases = FindAlias;
            having = _binder.BindCondition(_select.Having);
            _binder.Aliases = null;
        }

        _block.Windows = windows;
        BindOrder();
        _block.Windows = null;
        if (grouped is not null)
            root = Aggregate(root, grouped);
        if (having is not null)
            root = new FilterNode(root, [having]) { Rows = Math.Max(1, root.Rows / 3) };
        if (windows is not null)
            root = WindowPlanner.Plan(root, windows, [.. grouped?.FilledSlots ?? joins.SlotsOf(group.Relations)]);

        root = Project(root, joins.IsOrderMet);
        foreach (LockingClause locking in _query.Locking)
            joins.LockRows(locking.IsExclusive ? ScanLock.Exclusive : ScanLock.Shared, locking.Wait, locking.Tables);
        joins.Seal();
        return new PlannedQuery(root, Columns()) { IsCorrelated = _block.IsCorrelated, Tables = Tables() };
    }

    private void ExpandItems()
    {
        foreach (SelectItem item in _select.Items)
        {
            if (!item.IsStar)
            {
                _outputs.Add(new SelectOutput(item.Expression!, NameOf(item)) { Alias = item.Alias });
                continue;
            }

            if (_select.From.Length == 0)
                throw SqlErrors.NoTablesUsed().ToException();
            if (item.StarTable is null)
            {
                foreach ((Relation relation, int ordinal) in _from.StarColumns)
                    AddColumn(relation, ordinal);
                continue;
            }

            Relation wanted = _block.ResolveStar(item.StarTable);
            for (int i = 0; i < wanted.Columns.Length; i++)
            {
                if (!wanted.Columns[i].IsInvisible)
                    AddColumn(wanted, i);
            }
        }

        if (_context.Names is { } names)
        {
            names.Items[_select] = [.. _outputs.ConvertAll(static output => new SelectItem(
                output.Node, output.Name, output.Alias is null && output.Node is not ColumnNode ? output.Name : null, null))];
        }
    }

    private void AddColumn(Relation relation, int ordinal)
    {
        RelationColumn column = relation.Columns[ordinal];
        relation.Guard?.Require(PrivilegeSet.Select, column.Name, isNamed: false);
        var node = new ColumnNode(relation.Schema, relation.Name, column.Name);
        _outputs.Add(new SelectOutput(node, column.Name));
    }

    private static string NameOf(SelectItem item) => item.Alias
        ?? (item.Expression is ColumnNode column ? column.Name
        : item.Expression is StringLiteral { CharacterSet: null } text ? Encoding.UTF8.GetString(text.Value)
        : item.Text ?? "");

    private bool IsGrouped()
    {
        if (_select.GroupBy.Length > 0 || AstWalker.HasAggregate(_select.Having))
            return true;
        foreach (SelectOutput output in _outputs)
        {
            if (AstWalker.HasAggregate(output.Node))
                return true;
        }

        foreach (OrderItem item in _orderBy)
        {
            if (AstWalker.HasAggregate(item.Expression))
                return true;
        }

        return false;
    }

    private Expression[] BindConditions(List<ExpressionNode> conditions)
    {
        _binder.Clause = "where clause";
        return [.. conditions.ConvertAll(_binder.BindCondition)];
    }

    private GroupedRow MakeGroupedRow(List<ExpressionNode> conditions)
    {
        _binder.Clause = "group statement";
        var determination = new FunctionalDependency(_block, _groupKeys, conditions);
        var grouped = new GroupedRow { HasRollup = _select.HasRollup, IsDetermined = determination.Determines };
        foreach (ExpressionNode key in _select.GroupBy)
        {
            ExpressionNode node = key;
            if (key is IntegerLiteral ordinal)
                node = _outputs[QueryPlanner.OrdinalOf(ordinal, _outputs.Count, "group statement")].Node;
            else if (key is ColumnNode { Table: null } column && _block.FindHere(column, "group statement") is null)
                node = FindAlias(column.Name) ?? node;
            if (AstWalker.HasAggregate(node))
                throw SqlErrors.CannotGroupOn(node is ColumnNode c ? c.Name : "").ToException();
            _groupKeys.Add(node);
            grouped.AddKey(node, _binder.Bind(node));
        }

        return grouped;
    }

    private void BindItems()
    {
        _binder.Clause = "field list";
        foreach (SelectOutput output in _outputs)
        {
            Expression bound = _binder.Bind(output.Node);
            output.Bound = Targets is { } targets && _items.Count < targets.Length
                ? ColumnAssignment.SourceFor(targets[_items.Count], bound)
                : bound;
            _items.Add(output.Bound);
        }
    }

    private void BindOrder()
    {
        _binder.Clause = "order clause";
        foreach (OrderItem item in _orderBy)
        {
            int ordinal = OutputOrdinal(item.Expression);
            if (ordinal < 0)
            {
                _binder.Aliases = FindAlias;
                _binder.PrefersAliases = true;
                Expression bound = _binder.Bind(item.Expression);
                _binder.Aliases = null;
                _binder.PrefersAliases = false;
                if (bound is ConstantExpression)
                    continue;
                ordinal = _items.Count;
                _items.Add(bound);
            }

            _sortKeys.Add(new SortKey(ordinal, item.IsDescending));
        }
    }

    /// <summary>The select item that an ORDER BY expression means: by number, by name, or by being the same.</summary>
    private int OutputOrdinal(ExpressionNode node)
    {
        if (node is IntegerLiteral literal)
            return QueryPlanner.OrdinalOf(literal, _outputs.Count, "order clause");
        if (node is ColumnNode { Table: null } column)
        {
            for (int i = 0; i < _outputs.Count; i++)
            {
                if (_outputs[i].Alias is { } alias && string.Equals(alias, column.Name, StringComparison.OrdinalIgnoreCase))
                    return i;
            }
        }

        for (int i = 0; i < _outputs.Count; i++)
        {
            if (!AstComparer.AreEqual(_outputs[i].Node, node, Identity))
                continue;
            if (node is ColumnNode same)
                _block.Resolve(same, "order clause");
            return i;
        }

        return -1;
    }

    private object? Identity(ColumnNode column) =>
        _block.Find(column, "order clause") is { } binding ? (binding.Relation, binding.Ordinal) : null;

    private ExpressionNode? FindAlias(string name)
    {
        foreach (SelectOutput output in _outputs)
        {
            if (string.Equals(output.Alias, name, StringComparison.OrdinalIgnoreCase))
                return output.Node;
        }

        return null;
    }

    private GroupNode Aggregate(PlanNode input, GroupedRow grouped)
    {
        var keys = new Expression[grouped.Keys.Count];
        int[] headSlots = new int[keys.Length + grouped.Carried.Count];
        for (int i = 0; i < keys.Length; i++)
            (keys[i], headSlots[i]) = (grouped.Keys[i].Bound, grouped.Keys[i].Slot);
        var carried = new Expression[grouped.Carried.Count];
        for (int i = 0; i < carried.Length; i++)
            (carried[i], headSlots[keys.Length + i]) = grouped.Carried[i];
        var functions = new AggregateFunction[grouped.Functions.Count];
        int[] slots = new int[functions.Length];
        for (int i = 0; i < functions.Length; i++)
            (_, functions[i], slots[i]) = grouped.Functions[i];

        return new GroupNode(input)
        {
            Keys = keys,
            Carried = carried,
            Functions = functions,
            Shape = grouped.Shape,
            HeadSlots = headSlots,
            FunctionSlots = slots,
            HasRollup = _select.HasRollup,
            RollupSlot = grouped.KnownRollupSlot,
            Rows = keys.Length == 0 ? 1 : Math.Max(1, input.Rows / 10),
        };
    }

    private PlanNode Project(PlanNode root, bool isOrderMet)
    {
        int visible = _outputs.Count;
        bool countsAll = (_select.Options & SelectOptions.CalculateFoundRows) != 0;
        bool sorts = _sortKeys.Count > 0 && !isOrderMet;
        Expression[] items = sorts ? [.. _items] : [.. _items[..visible]];
        root = new ProjectNode(root, items) { Rows = root.Rows };
        if (IsDistinct)
            root = new DistinctNode(root, visible) { Rows = root.Rows };
        if (sorts)
        {
            LimitNode? limit = countsAll ? null : QueryPlanner.BindLimit(_query.Limit, root, _binder, countsAll: false);
            root = new SortNode(root, [.. _sortKeys]) { Limit = limit, Rows = root.Rows };
            if (items.Length > visible)
            {
                var kept = new Expression[visible];
                for (int i = 0; i < visible; i++)
                    kept[i] = new ColumnExpression(i, items[i].Type, items[i].IsNullable);
                root = new ProjectNode(root, kept) { Rows = root.Rows };
            }
        }

        return QueryPlanner.BindLimit(_query.Limit, root, _binder, countsAll) ?? root;
    }

    private RelationColumn[] Columns()
    {
        var columns = new RelationColumn[_outputs.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            SelectOutput output = _outputs[i];
            RelationColumn? origin = output.Node is ColumnNode node ? _block.Find(node, "field list")?.Column : null;
            columns[i] = (origin ?? new RelationColumn(output.Name, output.Bound!.Type)) with
            {
                Name = output.Name,
                Type = output.Bound!.Type,
                IsNullable = output.Bound.IsNullable,
                IsInvisible = false,
            };
        }

        return columns;
    }

    private string[] Tables()
    {
        string[] tables = new string[_outputs.Count];
        for (int i = 0; i < tables.Length; i++)
            tables[i] = _outputs[i].Node is ColumnNode node ? _block.Find(node, "field list")?.Named.Name ?? "" : "";
        return tables;
    }
}
