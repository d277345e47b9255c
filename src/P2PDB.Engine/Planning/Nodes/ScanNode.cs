using System.Linq;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Rows of a table, by a path, of which some columns go to slots of the block's row.</summary>
internal sealed class ScanNode(TableSchema table, RowShape shape) : PlanNode
{
    /// <summary>The table.</summary>
    public TableSchema Table { get; } = table;

    /// <summary>The block's row.</summary>
    public RowShape Shape { get; } = shape;

    /// <summary>Name in the statement.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Ordinals of the table's columns that are read.</summary>
    public int[] Columns { get; set; } = [];

    /// <summary>Slot for each of <see cref="Columns"/>.</summary>
    public int[] Slots { get; set; } = [];

    /// <summary>Slot that takes the row's encoded primary key, or -1.</summary>
    public int KeySlot { get; set; } = -1;

    /// <summary>Rows expected along the path, for each opening; those that meet the filters too are <see cref="PlanNode.Rows"/>.</summary>
    public double PathRows { get; init; }

    /// <summary>How rows are found.</summary>
    public AccessPath Path { get; set; } = AccessPath.Full;

    /// <summary>Conditions that a row must meet besides the path.</summary>
    public Expression[] Filters { get; set; } = [];

    /// <summary>True where whoever asks is mostly content with the first row: EXISTS. The scan then does not read ahead.</summary>
    public bool IsFirstRowEnough { get; set; }

    /// <summary>True where each row read is locked: FOR UPDATE exclusive, FOR SHARE shared.</summary>
    public ScanLock Lock { get; set; }

    /// <summary>What is done about a row that another transaction holds.</summary>
    public LockWait LockWait { get; set; }

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [.. Path.Ranges.SelectMany(static range => range.Expressions), .. Filters];
}
