using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Rows of a query in a FROM clause, put into slots of the enclosing block's row.</summary>
internal sealed class DerivedNode(PlanNode query, RowShape shape) : PlanNode
{
    /// <summary>The query.</summary>
    public PlanNode Query { get; } = query;

    /// <summary>The enclosing block's row.</summary>
    public RowShape Shape { get; } = shape;

    /// <summary>Name in the statement.</summary>
    public string Alias { get; init; } = "";

    /// <summary>True where it is opened again and again with the same rows: they are kept.</summary>
    public bool IsKept { get; init; }

    /// <summary>Ordinals of the query's columns that are read.</summary>
    public int[] Columns { get; set; } = [];

    /// <summary>Slot for each of <see cref="Columns"/>.</summary>
    public int[] Slots { get; set; } = [];

    /// <summary>Conditions that a row must meet.</summary>
    public Expression[] Filters { get; set; } = [];

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Query];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Filters;
}
