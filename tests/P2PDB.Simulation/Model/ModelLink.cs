using P2PDB.Engine.Catalog.Definitions;

namespace P2PDB.Simulation.Model;

/// <summary>A foreign key of the reference model that hides or shows rows.</summary>
internal sealed record ModelLink(ModelTable Child, ModelTable Parent, IndexColumn[] ChildColumns, IndexColumn[] ParentColumns, bool Cascades, bool IsToPrimary)
{
    /// <summary>True where a row that shows keeps the one it references.</summary>
    public bool IsHeldBy(ModelRow child) => IsToPrimary && (!Cascades || child.IsAppended);
}
