using P2PDB.Engine.Planning.Recursion;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>The rows of the last step of a recursion.</summary>
internal sealed class WorkingTableNode(WorkingTable table) : PlanNode
{
    /// <summary>Where they are.</summary>
    public WorkingTable Table { get; } = table;
}
