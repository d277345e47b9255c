using System.Collections.Immutable;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A table as CREATE TABLE logs it.</summary>
internal sealed record TableDefinition
{
    /// <summary>The identity, see <see cref="CatalogIds.TableIdOf"/>.</summary>
    public required TableId Id { get; init; }

    /// <summary>The name as written.</summary>
    public required string Name { get; init; }

    /// <summary>How many tables of this name and key the database had before.</summary>
    public required uint Generation { get; init; }

    /// <summary>Collation, comment.</summary>
    public required TableOptions Options { get; init; }

    /// <summary>AUTO_INCREMENT = n, or 0.</summary>
    public ulong AutoIncrementStart { get; init; }

    /// <summary>The columns, in order.</summary>
    public required ImmutableArray<ColumnDefinition> Columns { get; init; }

    /// <summary>The columns of the primary key; empty where there is none.</summary>
    public required ImmutableArray<IndexColumn> PrimaryKey { get; init; }

    /// <summary>All other indexes.</summary>
    public ImmutableArray<IndexDefinition> Indexes { get; init; } = [];
}
