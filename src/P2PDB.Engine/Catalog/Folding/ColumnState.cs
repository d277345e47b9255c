using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>The registers of one column of a table.</summary>
internal sealed class ColumnState(ColumnId id)
{
    /// <summary>True where it exists.</summary>
    public Register<bool> Existence;

    /// <summary>Its name; a RENAME wins over the name it was created with.</summary>
    public Register<string> Name;

    /// <summary>Its shape.</summary>
    public Register<ColumnShape> Shape;

    /// <summary>The shape it was created with: a key column keeps its encoding from there.</summary>
    public Register<ColumnShape> CreatedShape;

    /// <summary>Sort key of its place.</summary>
    public Register<ulong> Position;

    /// <summary>What rows written without it show.</summary>
    public Register<ColumnFill> Fill;

    /// <summary>The types it has and had.</summary>
    public TypeHistory Types { get; } = new();

    /// <summary>The column.</summary>
    public ColumnId Id { get; } = id;
}
