using P2PDB.Engine.Planning.Recursion;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>WITH RECURSIVE: the rows of a start, then, again and again, what the recursive queries make of the rows before, until that is nothing.</summary>
internal sealed class RecursiveNode(PlanNode start, PlanNode[] steps, WorkingTable table) : PlanNode
{
    /// <summary>The rows to begin with.</summary>
    public PlanNode Start { get; } = start;

    /// <summary>The recursive queries.</summary>
    public PlanNode[] Steps { get; } = steps;

    /// <summary>What they read.</summary>
    public WorkingTable Table { get; } = table;

    /// <summary>True for UNION DISTINCT: rows that were there before do not count.</summary>
    public bool IsDistinct { get; init; }

    /// <summary>Types of the columns: those of the start.</summary>
    public SqlType[] Types => Array.ConvertAll(Table.Columns, static column => column.Type);

    /// <inheritdoc/>
    public override PlanNode[] Inputs => [Start, .. Steps];
}
