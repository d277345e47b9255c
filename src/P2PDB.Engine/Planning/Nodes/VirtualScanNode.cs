using P2PDB.Engine.Expressions;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Rows that the node makes up: information_schema, p2pdb and the like.</summary>
internal sealed class VirtualScanNode(VirtualTable table, RowShape shape) : PlanNode
{
    /// <summary>The table.</summary>
    public VirtualTable Table { get; } = table;

    /// <summary>The block's row.</summary>
    public RowShape Shape { get; } = shape;

    /// <summary>Name in the statement.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Ordinals of the table's columns that are read.</summary>
    public int[] Columns { get; set; } = [];

    /// <summary>Slot for each of <see cref="Columns"/>.</summary>
    public int[] Slots { get; set; } = [];

    /// <summary>Conditions that a row must meet.</summary>
    public Expression[] Filters { get; set; } = [];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Filters;
}
