using System.Collections.Immutable;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A foreign key of a table as it is logged.</summary>
internal sealed record ForeignKeyDefinition
{
    /// <summary>The name, its identity within the table without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The table's own columns, first to last.</summary>
    public required ImmutableArray<ColumnId> Columns { get; init; }

    /// <summary>The table that they reference, or null where there was none yet of the name.</summary>
    public TableId? Parent { get; init; }

    /// <summary>Its name when the key was made: what counts where <see cref="Parent"/> is unknown or gone.</summary>
    public required string ParentName { get; init; }

    /// <summary>The columns they reference, one for each.</summary>
    public required ImmutableArray<ReferencedColumn> ParentColumns { get; init; }

    /// <summary>ON DELETE.</summary>
    public ReferenceRule OnDelete { get; init; }

    /// <summary>ON UPDATE.</summary>
    public ReferenceRule OnUpdate { get; init; }

    /// <summary>Name of the index that was made for the key because the table had none for it; empty where it had.</summary>
    public string OwnIndex { get; init; } = "";
}
