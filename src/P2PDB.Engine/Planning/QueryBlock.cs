using P2PDB.Engine.Accounts;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Planning.Windows;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// One SELECT while it is bound: the relations its names may mean, the row that its FROM clause fills, and the enclosing
/// block that names go to when nothing here answers.
/// </summary>
internal sealed class QueryBlock(QueryBlock? outer, ResolvedNames? names = null)
{
    /// <summary>Relations in a block at most: their sets are bits of one word. MySQL allows 61.</summary>
    public const int RelationCountMax = 61;

    // Names in ON conditions with what they mean in this block: null where they mean a column of an enclosing one.
    private readonly Dictionary<ColumnNode, ColumnBinding?> _pinned = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<Query, ViewScope> _scopes = new(ReferenceEqualityComparer.Instance);
    private readonly ResolvedNames? _names = names;
    private List<Relation> _named = [];

    /// <summary>The enclosing block, or null.</summary>
    public QueryBlock? Outer { get; } = outer;

    /// <summary>The relations of the FROM clause, in textual order, those of merged views among them.</summary>
    public List<Relation> Relations { get; } = [];

    /// <summary>The row that scans, joins and filters of the block share.</summary>
    public RowShape Shape { get; } = new();

    /// <summary>The row that a subquery inside this block runs for.</summary>
    public OuterRow Current { get; } = new();

    /// <summary>The relations that names mean now.</summary>
    public List<Relation> Named => _named;

    /// <summary>True once a name in it, or in a block inside it, was found further out.</summary>
    public bool IsCorrelated { get; private set; }

    /// <summary>
    /// Takes over binding of columns once the block is grouped: what they mean in a grouped row. Null before that.
    /// </summary>
    public GroupedRow? Grouped { get; set; }

    /// <summary>Where window functions get their slots while the select list and ORDER BY are bound; null where they are not allowed.</summary>
    public WindowedRow? Windows { get; set; }

    /// <summary>Adds a relation of the FROM clause.</summary>
    public void Add(Relation relation)
    {
        if (Relations.Count == RelationCountMax)
            throw new SqlException(new SqlError(1116, "HY000", $"Too many tables; MySQL can only use {RelationCountMax} tables in a join"));
        AddName(relation);
        relation.Position = Relations.Count;
        relation.Positions = 1UL << relation.Position;
        Relations.Add(relation);
    }

    /// <summary>Adds a relation that names may mean.</summary>
    public void AddName(Relation relation)
    {
        foreach (Relation other in _named)
        {
            if (other.Answers(relation.Schema, relation.Name))
                throw SqlErrors.NonUniqueTable(relation.Name).ToException();
        }

        _named.Add(relation);
    }

    /// <summary>
    /// Begins on the FROM clause of a view or subquery that becomes part of the block: names mean its relations only. Returns the
    /// names so far.
    /// </summary>
    public List<Relation> EnterScope()
    {
        List<Relation> outside = _named;
        _named = [];
        return outside;
    }

    /// <summary>Ends that: names mean what they meant before.</summary>
    public void LeaveScope(List<Relation> outside) => _named = outside;

    /// <summary>The slot of a column in the block's row; the first use makes it.</summary>
    public int Slot(Relation relation, int ordinal)
    {
        ref int slot = ref relation.Slots[ordinal];
        if (slot < 0)
            slot = Shape.Add(relation.Columns[ordinal].Type);
        return slot;
    }

    /// <summary>What a name means here or further out; null where nothing answers. Throws where two relations do.</summary>
    public ColumnBinding? Find(ColumnNode node, string clause)
    {
        // A name that was pinned in an enclosing block, as those of a merged view are, is not looked for on the way there.
        int depth = 0;
        QueryBlock? pinning = this;
        while (pinning is not null && !pinning._pinned.ContainsKey(node))
            (pinning, depth) = (pinning.Outer, depth + 1);
        if (pinning is null)
            depth = 0;
        for (QueryBlock? block = pinning ?? this; block is not null; block = block.Outer, depth++)
        {
            if (block.FindHere(node, clause) is { } binding)
            {
                for (QueryBlock? inner = this; inner != block; inner = inner!.Outer)
                    inner!.IsCorrelated = true;
                return binding with { Depth = depth };
            }
        }

        return null;
    }

    /// <summary>What a name means, to who has a privilege on it; error 1054 where nothing answers, 1142 and 1143 without the privilege.</summary>
    public ColumnBinding Resolve(ColumnNode node, string clause, PrivilegeSet wanted = PrivilegeSet.Select)
    {
        ColumnBinding binding = Find(node, clause) ?? throw SqlErrors.UnknownColumn(FullName(node), clause).ToException();
        binding.Require(wanted);
        if (_names is not null && binding.Named.Name.Length > 0)
            _names.Columns[node] = binding.FullName;
        return binding;
    }

    /// <summary>
    /// Binds the names of a join's condition for good: they mean columns of the relations it joins, or of enclosing blocks, and
    /// never of other relations of this block. Names in subqueries of the condition are not bound here.
    /// </summary>
    public void Pin(ExpressionNode condition, ulong relations)
    {
        if (condition is not ColumnNode column)
        {
            AstWalker.VisitParts(condition, part => Pin(part, relations));
            return;
        }

        const string Clause = "on clause";
        ColumnBinding? binding = FindHere(column, Clause, relations);
        ColumnBinding meant = binding ?? Outer?.Find(column, Clause) ?? throw SqlErrors.UnknownColumn(FullName(column), Clause).ToException();
        meant.Require(PrivilegeSet.Select);
        if (_names is not null)
            _names.Columns[column] = meant.FullName;
        _pinned[column] = binding;
    }

    /// <summary>
    /// Binds the names of an expression of a view that becomes part of the block: they mean relations of the view's FROM clause, which
    /// the block is in.
    /// </summary>
    public void PinView(ExpressionNode expression, ViewScope scope)
    {
        Adopt(expression, scope);
        PinHere(expression);
    }

    /// <summary>
    /// Binds the names of an expression of a subquery that becomes part of the block, where they mean relations of its own FROM clause;
    /// the others mean what they mean to the block.
    /// </summary>
    public void PinOwn(ExpressionNode expression, List<Relation> own)
    {
        if (expression is not ColumnNode column)
        {
            AstWalker.VisitParts(expression, part => PinOwn(part, own));
            return;
        }

        List<Relation> outside = _named;
        _named = own;
        ColumnBinding? binding = FindHere(column, "where clause");
        _named = outside;
        if (binding is not null)
            _pinned[column] = binding;
    }

    /// <summary>
    /// Makes an expression of a merged view one of the block: queries in it are bound in <paramref name="scope"/> later, and literals
    /// lose their places, which are not in the statement's text.
    /// </summary>
    public void Adopt(ExpressionNode expression, ViewScope scope)
    {
        expression.Position = -1;
        if (AstWalker.QueryOf(expression) is { } query)
            _scopes[query] = scope;
        AstWalker.VisitParts(expression, part => Adopt(part, scope));
    }

    /// <summary>True for a query of a view that became part of the block: its names are that view's.</summary>
    public bool IsOfView(Query query) => _scopes.ContainsKey(query);

    /// <summary>Plans a query that stands in an expression of this block: with the names of the view that it comes from, if it does.</summary>
    public PlannedQuery PlanSubquery(Query query, BindingContext context, NamedQueryScope? named)
    {
        if (!_scopes.TryGetValue(query, out ViewScope? scope))
            return new QueryPlanner(context, named).Plan(query, this);
        List<Relation> outside = _named;
        _named = scope.Relations;
        try
        {
            return new QueryPlanner(scope.Context).Plan(query, this);
        }
        finally
        {
            _named = outside;
        }
    }

    /// <summary>The relation that a qualifier before a star means.</summary>
    public Relation ResolveStar(ObjectName table)
    {
        foreach (Relation relation in _named)
        {
            if (relation.Answers(table))
                return relation;
        }

        throw new SqlException(new SqlError(1051, "42S02", $"Unknown table '{table.Name}'"));
    }

    /// <summary>The name as written, with its qualifiers.</summary>
    public static string FullName(ColumnNode node) =>
        (node.Schema is null ? "" : node.Schema + ".") + (node.Table is null ? "" : node.Table + ".") + node.Name;

    /// <summary>Searches the relations of this block alone, or those of them that are in a set.</summary>
    public ColumnBinding? FindHere(ColumnNode node, string clause, ulong relations = ulong.MaxValue)
    {
        if (_pinned.TryGetValue(node, out ColumnBinding? found))
            return found;
        foreach (Relation relation in _named)
        {
            if ((relations & relation.Positions) == 0 || (node.Table is not null && !relation.Answers(node.Schema, node.Table)))
                continue;
            int ordinal = relation.Find(node.Name);
            if (ordinal < 0 || (node.Table is null && relation.MergedColumns.Contains(ordinal)))
                continue;
            if (found is not null)
                throw SqlErrors.AmbiguousColumn(FullName(node), clause).ToException();
            found = BindingOf(relation, ordinal);
        }

        return found;
    }

    private void PinHere(ExpressionNode expression)
    {
        const string Clause = "field list";
        if (expression is not ColumnNode column)
        {
            AstWalker.VisitParts(expression, PinHere);
            return;
        }

        ColumnBinding meant = FindHere(column, Clause) ?? throw SqlErrors.UnknownColumn(FullName(column), Clause).ToException();
        meant.Require(PrivilegeSet.Select);
        _pinned[column] = meant;
    }

    private ColumnBinding BindingOf(Relation relation, int ordinal) => relation.Merged?[ordinal] is { Relation: { } part } merged
        ? new ColumnBinding(this, part, merged.Ordinal, 0) { View = relation, ViewOrdinal = ordinal }
        : new ColumnBinding(this, relation, ordinal, 0);
}
