using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>A part of a FROM clause that is joined as a whole.</summary>
internal abstract class FromItem
{
    /// <summary>Bit per relation inside.</summary>
    public abstract ulong Relations { get; }
}

/// <summary>One table, derived table or virtual table.</summary>
internal sealed class FromLeaf(Relation relation) : FromItem
{
    /// <summary>Its names.</summary>
    public Relation Relation { get; } = relation;

    /// <summary>The replicated table, where it is one.</summary>
    public TableSchema? Table { get; init; }

    /// <summary>The made-up table, where it is one.</summary>
    public VirtualTable? Virtual { get; init; }

    /// <summary>The plan of the query, where it is one.</summary>
    public PlanNode? Query { get; init; }

    /// <summary>The relations of the block that the query reads: it runs for each row of theirs. 0 for one that is the same for all rows.</summary>
    public ulong Reads { get; init; }

    /// <summary>True for a query inside of a query that may run for many rows, and is itself the same for all of them.</summary>
    public bool IsKept { get; init; }

    /// <summary>Indexes that hints leave to choose from, by name; null for all.</summary>
    public HashSet<string>? AllowedIndexes { get; init; }

    /// <summary>Indexes that hints forbid.</summary>
    public HashSet<string> IgnoredIndexes { get; init; } = [];

    /// <inheritdoc/>
    public override ulong Relations => 1UL << Relation.Position;
}

/// <summary>Parts joined by inner joins, in any order, under conditions.</summary>
internal sealed class FromGroup : FromItem
{
    /// <summary>The parts, in textual order; none of them is a group.</summary>
    public List<FromItem> Items { get; } = [];

    /// <summary>The ON conditions of the inner joins.</summary>
    public List<ExpressionNode> Conditions { get; } = [];

    /// <summary>True where STRAIGHT_JOIN fixes the order.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>The part that is this relation, or null where it is not a part by itself.</summary>
    public FromLeaf? LeafOf(Relation relation) => Items.Find(item => item is FromLeaf leaf && leaf.Relation == relation) as FromLeaf;

    /// <inheritdoc/>
    public override ulong Relations
    {
        get
        {
            ulong all = 0;
            foreach (FromItem item in Items)
                all |= item.Relations;
            return all;
        }
    }
}

/// <summary>A left join; a right join is one with its sides exchanged.</summary>
internal sealed class FromOuterJoin(FromGroup left, FromGroup right, List<ExpressionNode> conditions) : FromItem
{
    /// <summary>The side whose rows all come out.</summary>
    public FromGroup Left { get; } = left;

    /// <summary>The side that may be NULL.</summary>
    public FromGroup Right { get; } = right;

    /// <summary>The ON conditions.</summary>
    public List<ExpressionNode> Conditions { get; } = conditions;

    /// <inheritdoc/>
    public override ulong Relations => Left.Relations | Right.Relations;
}
