using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A column as CREATE TABLE and ADD COLUMN log it.</summary>
internal sealed record ColumnDefinition
{
    /// <summary>The identity, see <see cref="CatalogIds.ColumnIdOf"/>.</summary>
    public required ColumnId Id { get; init; }

    /// <summary>The name as written.</summary>
    public required string Name { get; init; }

    /// <summary>How many columns of this name the table had before; 0 in CREATE TABLE.</summary>
    public required uint Generation { get; init; }

    /// <summary>Sort key of the place, see <see cref="ColumnPlace"/>.</summary>
    public required ulong Position { get; init; }

    /// <summary>Type, nullability, default and the like.</summary>
    public required ColumnShape Shape { get; init; }

    /// <summary>What rows written without the column show: a row image of this one column.</summary>
    public required byte[] Fill { get; init; }
}
