using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning.JsonTables;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// Reads a FROM clause: adds its relations to the block, turns right joins into left ones, flattens inner joins into
/// groups, and makes conditions of USING and NATURAL.
/// </summary>
internal sealed class FromBinder(QueryBlock block, BindingContext context, QueryPlanner planner)
{
    /// <summary>Columns of <c>*</c> in order, as USING and NATURAL arrange them.</summary>
    public List<(Relation Relation, int Ordinal)> StarColumns { get; private set; } = [];

    /// <summary>True where the clause is a merged view's that an outer join may give NULL for.</summary>
    public bool MayBeNull { get; init; }

    /// <summary>One of these privileges is needed on each table that is named, or on a column of it.</summary>
    public PrivilegeSet Wanted { get; init; } = PrivilegeSet.Select;

    /// <summary>What names mean in the view that the clause belongs to, where that is merged into the block.</summary>
    public ViewScope? Scope { get; init; }

    /// <summary>The order that the rows of a lone view come in; empty where it has none, or there are other sources too.</summary>
    public OrderItem[] ViewOrder { get; private set; } = [];

    /// <summary>What rows must meet that are written through the views of the clause.</summary>
    public List<ExpressionNode> Checks { get; } = [];

    /// <summary>Binds the whole clause.</summary>
    public FromGroup Bind(TableSource[] sources)
    {
        var group = new FromGroup();
        foreach (TableSource source in sources)
        {
            Absorb(group, BindSource(source, MayBeNull, out List<(Relation, int)> columns));
            StarColumns.AddRange(columns);
        }

        if (sources is not [NamedTable])
            ViewOrder = [];
        return group;
    }

    private static void Absorb(FromGroup group, FromItem item)
    {
        if (item is FromGroup inner)
        {
            group.Items.AddRange(inner.Items);
            group.Conditions.AddRange(inner.Conditions);
            group.IsOrdered |= inner.IsOrdered;
        }
        else
        {
            group.Items.Add(item);
        }
    }

    private static FromGroup AsGroup(FromItem item)
    {
        var group = new FromGroup();
        Absorb(group, item);
        return group;
    }

    /// <summary>Binds one source; <paramref name="mayBeNull"/> where an outer join may give NULL for its columns.</summary>
    private FromItem BindSource(TableSource source, bool mayBeNull, out List<(Relation, int)> columns)
    {
        FromItem item;
        Relation relation;
        switch (source)
        {
            case NamedTable named:
                item = BindNamed(named, mayBeNull, out relation);
                break;
            case DerivedTable derived:
                int first = context.OuterColumns.Count;
                PlannedQuery query = planner.Plan(derived.Query, derived.IsLateral ? block : block.Outer);
                item = Derived(null, derived.Alias, query, derived.Columns, out relation, derived.IsLateral ? ReadsSince(first) : 0);
                break;
            case JsonTable table:
                first = context.OuterColumns.Count;
                query = new JsonTableBinder(block, context, planner.NamedQueries).Bind(table);
                item = Derived(null, table.Alias, query, [], out relation, ReadsSince(first));
                break;
            case JoinedTable joined:
                return BindJoin(joined, mayBeNull, out columns);
            default:
                throw SqlErrors.NotSupportedYet("this kind of table").ToException();
        }

        columns = VisibleColumns(relation);
        return item;
    }

    private static List<(Relation, int)> VisibleColumns(Relation relation)
    {
        List<(Relation, int)> columns = [];
        for (int i = 0; i < relation.Columns.Length; i++)
        {
            if (!relation.Columns[i].IsInvisible)
                columns.Add((relation, i));
        }

        return columns;
    }

    private FromLeaf Derived(
        string? schema, string alias, PlannedQuery query, ReadOnlySpan<string> names, out Relation relation, ulong reads = 0,
        TableGuard? guard = null)
    {
        if (names.Length > 0 && names.Length != query.Columns.Length)
            throw SqlErrors.ViewColumnCount().ToException();

        var columns = new RelationColumn[query.Columns.Length];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = names.Length > 0 ? query.Columns[i] with { Name = names[i] } : query.Columns[i];
            if (!seen.Add(columns[i].Name))
                throw SqlErrors.DuplicateColumn(columns[i].Name).ToException();
        }

        relation = new Relation(schema, alias, columns) { Guard = guard };
        block.Add(relation);
        bool isKept = block.Outer is not null && !query.IsCorrelated && reads == 0;
        return new FromLeaf(relation) { Query = query.Root, Reads = reads, IsKept = isKept };
    }

    /// <summary>The relations of this block that were read by queries bound since there were <paramref name="first"/> outer columns.</summary>
    private ulong ReadsSince(int first)
    {
        ulong reads = 0;
        foreach (OuterColumnExpression column in context.OuterColumns[first..])
        {
            if (column.Outer != block.Current)
                continue;
            foreach (Relation relation in block.Relations)
                reads |= Array.IndexOf(relation.Slots, column.Slot) >= 0 ? relation.Positions : 0;
        }

        return reads;
    }

    private FromItem BindNamed(NamedTable named, bool mayBeNull, out Relation relation)
    {
        if (named.Name.Schema is null && planner.FindNamedQuery(named.Name.Name) is { } common)
            return BindCommon(common, named.Alias ?? named.Name.Name, mayBeNull, out relation);

        string schema = named.Name.Schema ?? context.Schema ?? throw SqlErrors.NoDatabaseSelected().ToException();
        TableGuard? guard = TableGuard.Open(context.RightsIn(schema), schema, named.Name.Name, Wanted);
        (TableSchema? table, ViewSchema? view, VirtualTable? virtualTable) = context.Tables.Resolve(schema, named.Name.Name);
        if (view is not null)
            return BindView(named, schema, view, mayBeNull, guard, out relation);
        string name = named.Alias ?? table?.Name ?? virtualTable!.Name;
        RelationColumn[] columns = table is not null ? ColumnsOf(schema, table) : virtualTable!.Columns;
        relation = new Relation(schema, name, columns) { IsAliased = named.Alias is not null, Guard = guard };
        block.Add(relation);
        HashSet<string>? allowed = null;
        HashSet<string> ignored = new(StringComparer.OrdinalIgnoreCase);
        foreach (IndexHint hint in named.Hints)
        {
            if (table is not null)
                CheckHint(hint, table, name);
            if (hint.Kind == IndexHintKind.Ignore)
                ignored.UnionWith(hint.Indexes);
            else
                (allowed ??= new(StringComparer.OrdinalIgnoreCase)).UnionWith(hint.Indexes);
        }

        return new FromLeaf(relation)
        {
            Table = table,
            Virtual = virtualTable,
            AllowedIndexes = allowed,
            IgnoredIndexes = ignored,
        };
    }

    private FromLeaf BindCommon(NamedQueryScope common, string name, bool mayBeNull, out Relation relation)
    {
        if (common.Working is not { } table)
            return Derived(null, name, planner.PlanNamed(common), common.Query.Columns, out relation);
        if (mayBeNull)
            throw RecursionErrors.IsOuterJoined(table.Name).ToException();
        if (block.Outer is not null)
            throw RecursionErrors.IsReadTwice(table.Name).ToException();
        table.ReferenceCount++;
        return Derived(null, name, new PlannedQuery(new WorkingTableNode(table) { Rows = 100 }, table.Columns), common.Query.Columns, out relation);
    }

    private FromItem BindView(
        NamedTable named, string schema, ViewSchema view, bool mayBeNull, TableGuard? guard, out Relation relation)
    {
        string name = named.Alias ?? view.Name;
        if (context.IsExplained)
            guard?.RequireExplain();
        foreach (IndexHint hint in named.Hints)
        {
            if (hint.Indexes.Length > 0)
                throw SqlErrors.KeyDoesNotExist(hint.Indexes[0], name).ToException();
        }

        var binder = new ViewBinder(block, context, schema, view, guard, Wanted);
        if (binder.TryMerge(named, mayBeNull) is { } merged)
        {
            relation = merged.Relation;
            ViewOrder = merged.OrderBy;
            Checks.AddRange(merged.Checks);
            return merged.From;
        }

        PlannedQuery planned = binder.Plan();
        ViewOrder = [];
        return Derived(schema, name, planned, view.Definition.Columns.AsSpan(), out relation, guard: guard);
    }

    private static void CheckHint(IndexHint hint, TableSchema table, string name)
    {
        foreach (string index in hint.Indexes)
        {
            if (table.FindIndex(index) is null)
                throw SqlErrors.KeyDoesNotExist(index, name).ToException();
        }
    }

    /// <summary>The columns of a replicated table as a relation.</summary>
    public static RelationColumn[] ColumnsOf(string schema, TableSchema table)
    {
        var columns = new RelationColumn[table.Columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnSchema column = table.Columns[i];
            columns[i] = new RelationColumn(column.Name, column.Type)
            {
                IsNullable = column.IsNullable,
                IsInvisible = column.IsInvisible,
                OriginalSchema = schema,
                OriginalTable = table.Name,
                OriginalName = column.Name,
                Traits = TraitsOf(table, column),
            };
        }

        return columns;
    }

    private static ResultColumnTraits TraitsOf(TableSchema table, ColumnSchema column)
    {
        ResultColumnTraits traits = ResultColumnTraits.None;
        if (!column.IsNullable)
            traits |= ResultColumnTraits.NotNull;
        if (column.IsInPrimaryKey)
            traits |= ResultColumnTraits.PrimaryKey;
        if (column.IsAutoIncrement)
            traits |= ResultColumnTraits.AutoIncrement;
        if (!column.IsNullable && column.Default.Kind == DefaultKind.None && !column.IsAutoIncrement)
            traits |= ResultColumnTraits.NoDefaultValue;
        if (column.IsUpdatedToNow)
            traits |= ResultColumnTraits.OnUpdateNow;
        foreach (IndexSchema index in table.Indexes)
        {
            if (index.Parts[0].Ordinal == column.Ordinal)
            {
                traits |= index.IsUnique && index.Parts.Length == 1
                    ? ResultColumnTraits.UniqueKey
                    : ResultColumnTraits.MultipleKey;
            }
        }

        return traits;
    }

    private FromItem BindJoin(JoinedTable joined, bool mayBeNull, out List<(Relation, int)> columns)
    {
        FromItem left = BindSource(joined.Left, mayBeNull || joined.Kind == JoinKind.Right, out List<(Relation, int)> leftColumns);
        FromItem right = BindSource(joined.Right, mayBeNull || joined.Kind == JoinKind.Left, out List<(Relation, int)> rightColumns);
        List<ExpressionNode> conditions = [];
        AstWalker.SplitConjunction(joined.On, conditions);
        columns = joined.IsNatural || joined.Using.Length > 0
            ? Merge(joined, leftColumns, rightColumns, conditions)
            : [.. leftColumns, .. rightColumns];
        foreach (ExpressionNode condition in conditions)
        {
            block.Pin(condition, left.Relations | right.Relations);
            if (Scope is not null)
                block.Adopt(condition, Scope);
        }

        if (context.Names is { } names && (joined.IsNatural || joined.Using.Length > 0))
            names.Conditions[joined] = AstWalker.JoinConjunction(conditions);

        if (joined.Kind is JoinKind.Inner or JoinKind.Straight)
        {
            FromGroup group = AsGroup(left);
            Absorb(group, right);
            group.Conditions.AddRange(conditions);
            group.IsOrdered |= joined.Kind == JoinKind.Straight;
            return group;
        }

        (FromItem kept, FromItem nullable) = joined.Kind == JoinKind.Left ? (left, right) : (right, left);
        foreach (Relation relation in block.Relations)
        {
            if ((nullable.Relations >> relation.Position & 1) != 0)
                relation.IsNullable = true;
        }

        // What a view says of its rows is as good as a condition of the join, where a look-up can meet it.
        FromGroup inside = AsGroup(nullable);
        conditions.AddRange(inside.Conditions);
        inside.Conditions.Clear();
        return new FromOuterJoin(AsGroup(kept), inside, conditions);
    }

    /// <summary>Common columns first, once, from the side whose rows are kept; then the rest of both sides.</summary>
    private static List<(Relation, int)> Merge(
        JoinedTable joined, List<(Relation Relation, int Ordinal)> left, List<(Relation Relation, int Ordinal)> right,
        List<ExpressionNode> conditions)
    {
        List<(Relation, int)> merged = [];
        HashSet<(Relation, int)> taken = [];
        foreach ((Relation Relation, int Ordinal) column in left)
        {
            string name = column.Relation.Columns[column.Ordinal].Name;
            bool isCommon = joined.IsNatural ? Find(right, name) is not null : Contains(joined.Using, name);
            if (!isCommon)
                continue;
            (Relation Relation, int Ordinal) other = Find(right, name)
                ?? throw SqlErrors.UnknownColumn(name, "from clause").ToException();
            conditions.Add(new BinaryNode(BinaryOperator.Equal, Node(column), Node(other)));
            (Relation Relation, int Ordinal) kept = joined.Kind == JoinKind.Right ? other : column;
            (Relation Relation, int Ordinal) hidden = joined.Kind == JoinKind.Right ? column : other;
            hidden.Relation.MergedColumns.Add(hidden.Ordinal);
            merged.Add(kept);
            taken.Add(column);
            taken.Add(other);
        }

        if (!joined.IsNatural && merged.Count < joined.Using.Length)
        {
            foreach (string name in joined.Using)
                _ = Find(left, name) ?? throw SqlErrors.UnknownColumn(name, "from clause").ToException();
        }

        foreach ((Relation, int) column in left)
        {
            if (!taken.Contains(column))
                merged.Add(column);
        }

        foreach ((Relation, int) column in right)
        {
            if (!taken.Contains(column))
                merged.Add(column);
        }

        return merged;
    }

    private static ColumnNode Node((Relation Relation, int Ordinal) column) =>
        new(column.Relation.Schema, column.Relation.Name, column.Relation.Columns[column.Ordinal].Name);

    private static (Relation Relation, int Ordinal)? Find(List<(Relation Relation, int Ordinal)> columns, string name)
    {
        foreach ((Relation Relation, int Ordinal) column in columns)
        {
            if (string.Equals(column.Relation.Columns[column.Ordinal].Name, name, StringComparison.OrdinalIgnoreCase))
                return column;
        }

        return null;
    }

    private static bool Contains(string[] names, string name)
    {
        foreach (string candidate in names)
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
