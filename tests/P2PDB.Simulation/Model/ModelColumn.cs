using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Simulation.Model;

/// <summary>A column of the reference model: what it was created as, last, and what was altered since.</summary>
internal sealed class ModelColumn(ColumnId id)
{
    public ColumnId Id { get; } = id;

    public bool Exists { get; set; }

    public ColumnDefinition? Created { get; private set; }

    public int CreatedStamp { get; private set; }

    public string? NewName { get; set; }

    public int NewNameStamp { get; set; }

    public ColumnShape? NewShape { get; private set; }

    /// <summary>The types it was created with and those it was altered to, each in its last place.</summary>
    public List<SqlType> CreatedTypes { get; } = [];

    public List<SqlType> AlteredTypes { get; } = [];

    public ulong? NewPosition { get; set; }

    public string Name => NewName ?? Created!.Name;

    public int NameStamp => NewName is null ? CreatedStamp : NewNameStamp;

    public IEnumerable<SqlType> Types => CreatedTypes.Except(AlteredTypes).Concat(AlteredTypes).TakeLast(TypeHistory.CountMax);

    public void Create(ColumnDefinition definition, int stamp)
    {
        (Created, CreatedStamp) = (definition, stamp);
        CreatedTypes.Remove(definition.Shape.Type);
        CreatedTypes.Add(definition.Shape.Type);
    }

    public void Modify(ColumnShape shape)
    {
        NewShape = shape;
        AlteredTypes.Remove(shape.Type);
        AlteredTypes.Add(shape.Type);
    }

    public ulong Position => NewPosition ?? Created!.Position;
}
