using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;

namespace P2PDB.Simulation.Model;

/// <summary>A column of the reference model: what it was created as, last, and what was altered since.</summary>
internal sealed class ModelColumn(ColumnId id)
{
    public ColumnId Id { get; } = id;

    public bool Exists { get; set; }

    public ColumnDefinition? Created { get; set; }

    public int CreatedStamp { get; set; }

    public string? NewName { get; set; }

    public int NewNameStamp { get; set; }

    public ColumnShape? NewShape { get; set; }

    public ulong? NewPosition { get; set; }

    public string Name => NewName ?? Created!.Name;

    public int NameStamp => NewName is null ? CreatedStamp : NewNameStamp;

    public ulong Position => NewPosition ?? Created!.Position;
}
