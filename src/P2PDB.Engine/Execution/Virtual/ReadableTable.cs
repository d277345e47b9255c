using P2PDB.Engine.Planning;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>A made-up table together with what reads it.</summary>
internal abstract class ReadableTable(string schema, string name, RelationColumn[] columns) : VirtualTable(schema, name, columns)
{
    /// <summary>Starts to read it, as a session sees it. Rows outside of the bounds may be left out, and none need be.</summary>
    public abstract RowStream Open(StatementContext context, ScanBounds bounds);
}
