using P2PDB.Engine.Planning.Recursion;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Gives out the rows of the last step of a recursion.</summary>
internal sealed class WorkingTableOperator(WorkingTable table) : Operator
{
    private int _next;

    /// <inheritdoc/>
    public override void Close() => _next = 0;

    /// <inheritdoc/>
    protected override void OpenCore() => _next = 0;

    /// <inheritdoc/>
    protected override RowBatch? NextCore() => _next < table.Batches.Count ? table.Batches[_next++] : null;
}
