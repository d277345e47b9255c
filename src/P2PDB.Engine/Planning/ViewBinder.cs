using System.Linq;
using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

// VIEWS
//
// A view's query is text, parsed and bound anew by every statement that is planned, against the catalog as of now: a plan is kept no
// longer than the catalog stays the same. Where it can, a view becomes part of the block that reads it (it is merged): the relations
// of its FROM clause join those of the block, its WHERE clause the conditions of its place, and a name that means a column of it
// means the column, or the expression, that the view has there. So conditions reach indexes through views as if there were none.
// The names of the view's query are bound at once, in a scope of their own, and pinned: no name outside can mean its relations.
// Else the view is planned by itself, like a derived table.

/// <summary>Binds one view that a FROM clause names; see the prose above.</summary>
internal sealed class ViewBinder
{
    private readonly QueryBlock _block;
    private readonly BindingContext _context;
    private readonly ViewExpansion _expansion;
    private readonly ViewSchema _view;
    private readonly Query _query;
    private readonly TableGuard? _guard;
    private readonly PrivilegeSet _wanted;

    public ViewBinder(
        QueryBlock block, BindingContext context, string schema, ViewSchema view, TableGuard? guard = null,
        PrivilegeSet wanted = PrivilegeSet.Select)
    {
        _guard = guard;
        _wanted = wanted;
        _block = block;
        _view = view;
        _expansion = new ViewExpansion(schema, view.Name, view.Id.Value, context.View);
        _expansion.Check();
        _context = context with
        {
            Schema = schema,
            View = _expansion,
            Rights = RightsOf(view.Definition, schema, context),
            Names = null,
            ParameterTypes = [],
            LiftedLiteral = null,
            LiteralCollation = Collation.Find(view.Definition.Collation) ?? Collation.Default,
        };
        _query = Parse(view, schema);
    }

    /// <summary>A view as a part of the block that reads it.</summary>
    /// <param name="From">Its FROM clause under its conditions.</param>
    /// <param name="Relation">What names outside may mean.</param>
    /// <param name="OrderBy">Its ORDER BY, for a block that has no order of its own and reads nothing else.</param>
    /// <param name="Checks">What rows must meet that are written through it.</param>
    public sealed record Merged(FromGroup From, Relation Relation, OrderItem[] OrderBy, List<ExpressionNode> Checks);

    /// <summary>The parsed query of a view; error 1356 where the text is not one that this version reads.</summary>
    public static Query Parse(ViewSchema view, string schema)
    {
        try
        {
            return Parser.ParseSingle(Encoding.UTF8.GetBytes(view.Definition.Query), default) is SelectStatement select
                ? select.Query
                : throw SqlErrors.ViewInvalid(schema, view.Name).ToException();
        }
        catch (SqlException)
        {
            throw SqlErrors.ViewInvalid(schema, view.Name).ToException();
        }
    }

    /// <summary>True where MySQL, too, would merge a view into the statement that reads it.</summary>
    public static bool IsMergeable(ViewSchema view, Query query)
    {
        if (view.Definition.Algorithm == ViewAlgorithm.TempTable || query.With is not null || query.Limit is not null
            || query.Locking.Length > 0
            || query.Body is not SelectBody { From.Length: > 0, GroupBy.Length: 0, Having: null, Windows.Length: 0 } select
            || (select.Options & ~SelectOptions.All) != 0)
        {
            return false;
        }

        foreach (SelectItem item in select.Items)
        {
            if (item.IsStar || AstWalker.Any(item.Expression, IsBarrier))
                return false;
        }

        return select.Items.Length == view.Definition.Columns.Length
            && !Array.Exists(query.OrderBy, item => AstWalker.Any(item.Expression, IsBarrier));
    }

    /// <summary>True where rows can be written through a view: it is merged, and reads a table.</summary>
    public static bool IsUpdatable(BindingContext context, string schema, ViewSchema view)
    {
        var binder = new ViewBinder(new QueryBlock(null), context, schema, view);
        return binder.TryMerge(new NamedTable(new ObjectName(schema, view.Name), null), mayBeNull: false) is { } merged
            && ReadsTable(merged.From);
    }

    /// <summary>
    /// Makes the view part of the block; null where it must be planned by itself. An expression of a view that an outer join gives NULL
    /// for would have to be NULL too, whatever it computes.
    /// </summary>
    public Merged? TryMerge(NamedTable named, bool mayBeNull)
    {
        if (!IsMergeable(_view, _query))
            return null;
        var select = (SelectBody)_query.Body;
        if (mayBeNull && Array.Exists(select.Items, item => item.Expression is not ColumnNode))
            return null;
        return Guard(() => Merge(named, select, mayBeNull));
    }

    /// <summary>Plans the view by itself.</summary>
    public PlannedQuery Plan() => Guard(() => new QueryPlanner(_context).Plan(_query, null));

    /// <summary>
    /// The definer's privileges with its default roles, where this node has that account: definitions come from peers, whose accounts are
    /// their own. Else, and for SQL SECURITY INVOKER, those of who names the view: an outer view's definer in its own database alone.
    /// </summary>
    private static Rights RightsOf(ViewDefinition definition, string schema, BindingContext context)
    {
        if (context.IsExplained)
            return context.Asker;
        if (definition.IsInvoker)
            return context.RightsIn(schema);
        AccountSet accounts = context.Asker.Accounts;
        return accounts.Find(new AccountKey(definition.DefinerUser, definition.DefinerHost)) is { } definer
            ? Rights.Of(accounts, definer.Key, [.. definer.DefaultRoles.Intersect(accounts.RolesOf(definer.Key))]) : context.Asker;
    }

    private static bool ReadsTable(FromItem item) => item switch
    {
        FromLeaf leaf => leaf.Table is not null,
        FromOuterJoin join => ReadsTable(join.Left) || ReadsTable(join.Right),
        FromGroup group => group.Items.Exists(ReadsTable),
        _ => false,
    };

    private static bool IsBarrier(ExpressionNode node) =>
        node is AggregateNode or WindowCallNode or AssignNode || AstWalker.QueryOf(node) is not null;

    private Merged Merge(NamedTable named, SelectBody select, bool mayBeNull)
    {
        List<Relation> outside = _block.EnterScope();
        var scope = new ViewScope(_context, _block.Named);
        int first = _block.Relations.Count;
        var from = new FromBinder(_block, _context, new QueryPlanner(_context)) { MayBeNull = mayBeNull, Scope = scope, Wanted = _wanted };
        FromGroup group = from.Bind(select.From);
        List<ExpressionNode> conditions = [];
        AstWalker.SplitConjunction(select.Where, conditions);
        foreach (ExpressionNode condition in conditions)
            _block.PinView(condition, scope);
        group.Conditions.AddRange(conditions);
        List<ExpressionNode> checks = _view.Definition.Check switch
        {
            ViewCheck.Cascaded => [.. group.Conditions],
            ViewCheck.Local => [.. from.Checks, .. conditions],
            _ => from.Checks,
        };

        var columns = new RelationColumn[select.Items.Length];
        var merged = new MergedColumn[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            (merged[i], columns[i]) = MergeColumn(select.Items[i].Expression!, scope, _view.Definition.Columns[i]);
        OrderItem[] order = _query.OrderBy.Length > 0 ? OrderOf(select, scope) : from.ViewOrder;
        _block.LeaveScope(outside);

        var relation = new Relation(_expansion.Schema, named.Alias ?? _view.Name, columns)
        {
            IsAliased = named.Alias is not null,
            Merged = merged,
            Positions = group.Relations,
            Guard = _guard,
        };
        for (int i = first; i < _block.Relations.Count; i++)
        {
            _block.Relations[i].HiddenBy = relation;
            if (_guard is not null)
                _block.Relations[i].WrittenThrough.Add(_guard);
        }

        _block.AddName(relation);
        return new Merged(group, relation, order, checks);
    }

    private (MergedColumn Merged, RelationColumn Column) MergeColumn(ExpressionNode expression, ViewScope scope, string name)
    {
        _block.PinView(expression, scope);
        if (expression is not ColumnNode column)
            return (new MergedColumn(null, 0, expression), new RelationColumn(name, SqlType.Null));
        ColumnBinding binding = _block.FindHere(column, "field list")!;
        RelationColumn shown = binding.Column with { Name = name, IsInvisible = false };
        return binding.Expression is { } inner
            ? (new MergedColumn(null, 0, inner), shown)
            : (new MergedColumn(binding.Relation, binding.Ordinal, null) { View = binding.View, ViewOrdinal = binding.ViewOrdinal }, shown);
    }

    /// <summary>The ORDER BY over the block's row: numbers and aliases of items stand for their expressions.</summary>
    private OrderItem[] OrderOf(SelectBody select, ViewScope scope)
    {
        List<OrderItem> items = [];
        foreach (OrderItem item in _query.OrderBy)
        {
            ExpressionNode expression = item.Expression;
            if (expression is IntegerLiteral number)
            {
                expression = select.Items[QueryPlanner.OrdinalOf(number, select.Items.Length, "order clause")].Expression!;
            }
            else if (expression is ColumnNode { Table: null } alias
                && Array.Find(select.Items, one => string.Equals(one.Alias, alias.Name, StringComparison.OrdinalIgnoreCase)) is { } named)
            {
                expression = named.Expression!;
            }

            _block.PinView(expression, scope);
            items.Add(item with { Expression = expression });
        }

        return [.. items];
    }

    /// <summary>Runs a step; what it does not find is the view's fault, and the statement learns of the outermost view.</summary>
    private T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (SqlException exception) when (_context.IsExplained && exception.Error.Code is (1142 or 1143))
        {
            throw AccountErrors.CannotExplainView.ToException();
        }
        catch (SqlException exception) when (exception.Error.Code
            is 1049 or 1052 or 1054 or 1060 or 1142 or 1143 or 1146 or 1176 or 1305 or 1353 or 1356)
        {
            throw SqlErrors.ViewInvalid(_expansion.Schema, _expansion.Name).ToException();
        }
    }
}
