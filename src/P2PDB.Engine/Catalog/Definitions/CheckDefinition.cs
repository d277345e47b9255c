using System.Collections.Immutable;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A CHECK constraint of a table as it is logged.</summary>
internal sealed record CheckDefinition
{
    /// <summary>The name, its identity among the table's checks without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>False for NOT ENFORCED.</summary>
    public bool IsEnforced { get; init; } = true;

    /// <summary>The condition as canonical text, columns by name alone.</summary>
    public required string Condition { get; init; }

    /// <summary>The columns that it reads, by id, with the names they have in the text.</summary>
    public required ImmutableArray<ReferencedColumn> Columns { get; init; }
}
