using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>No rows.</summary>
internal sealed class EmptyOperator : Operator
{
    /// <inheritdoc/>
    protected override RowBatch? NextCore() => null;

    /// <inheritdoc/>
    public override void Close()
    {
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
    }
}
