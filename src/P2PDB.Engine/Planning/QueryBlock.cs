using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// One SELECT while it is bound: the relations its names may mean, the row that its FROM clause fills, and the enclosing
/// block that names go to when nothing here answers.
/// </summary>
internal sealed class QueryBlock(QueryBlock? outer)
{
    /// <summary>Relations in a block at most: their sets are bits of one word. MySQL allows 61.</summary>
    public const int RelationCountMax = 61;

    // Names in ON conditions with what they mean in this block: null where they mean a column of an enclosing one.
    private readonly Dictionary<ColumnNode, ColumnBinding?> _pinned = new(ReferenceEqualityComparer.Instance);

    /// <summary>The enclosing block, or null.</summary>
    public QueryBlock? Outer { get; } = outer;

    /// <summary>The relations of the FROM clause, in textual order.</summary>
    public List<Relation> Relations { get; } = [];

    /// <summary>The row that scans, joins and filters of the block share.</summary>
    public RowShape Shape { get; } = new();

    /// <summary>The row that a subquery inside this block runs for.</summary>
    public OuterRow Current { get; } = new();

    /// <summary>True once a name in it, or in a block inside it, was found further out.</summary>
    public bool IsCorrelated { get; private set; }

    /// <summary>
    /// Takes over binding of columns once the block is grouped: what they mean in a grouped row. Null before that.
    /// </summary>
    public GroupedRow? Grouped { get; set; }

    /// <summary>Adds a relation of the FROM clause.</summary>
    public void Add(Relation relation)
    {
        if (Relations.Count == RelationCountMax)
            throw new SqlException(new SqlError(1116, "HY000", $"Too many tables; MySQL can only use {RelationCountMax} tables in a join"));
        foreach (Relation other in Relations)
        {
            if (other.Answers(relation.Schema, relation.Name))
                throw SqlErrors.NonUniqueTable(relation.Name).ToException();
        }

        relation.Position = Relations.Count;
        Relations.Add(relation);
    }

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
        int depth = 0;
        for (QueryBlock? block = this; block is not null; block = block.Outer, depth++)
        {
            if (block.FindHere(node, clause, depth) is { } binding)
            {
                for (QueryBlock? inner = this; inner != block; inner = inner!.Outer)
                    inner!.IsCorrelated = true;
                return binding;
            }
        }

        return null;
    }

    /// <summary>What a name means; error 1054 where nothing answers.</summary>
    public ColumnBinding Resolve(ColumnNode node, string clause) =>
        Find(node, clause) ?? throw SqlErrors.UnknownColumn(FullName(node), clause).ToException();

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
        ColumnBinding? binding = FindHere(column, Clause, 0, relations);
        if (binding is null && Outer?.Find(column, Clause) is null)
            throw SqlErrors.UnknownColumn(FullName(column), Clause).ToException();
        _pinned[column] = binding;
    }

    /// <summary>The relation that a qualifier before a star means.</summary>
    public Relation ResolveStar(ObjectName table)
    {
        foreach (Relation relation in Relations)
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
    public ColumnBinding? FindHere(ColumnNode node, string clause, int depth = 0, ulong relations = ulong.MaxValue)
    {
        if (_pinned.TryGetValue(node, out ColumnBinding? found))
            return found;
        foreach (Relation relation in Relations)
        {
            if ((relations >> relation.Position & 1) == 0 || (node.Table is not null && !relation.Answers(node.Schema, node.Table)))
                continue;
            int ordinal = relation.Find(node.Name);
            if (ordinal < 0 || (node.Table is null && relation.MergedColumns.Contains(ordinal)))
                continue;
            if (found is not null)
                throw SqlErrors.AmbiguousColumn(FullName(node), clause).ToException();
            found = new ColumnBinding(this, relation, ordinal, depth);
        }

        return found;
    }
}
