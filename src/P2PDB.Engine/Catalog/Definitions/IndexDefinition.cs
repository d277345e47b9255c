using System.Collections.Immutable;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>An index as it is logged.</summary>
internal sealed record IndexDefinition
{
    /// <summary>The name, its identity within the table without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it promises.</summary>
    public required IndexKind Kind { get; init; }

    /// <summary>The columns, first to last.</summary>
    public required ImmutableArray<IndexColumn> Columns { get; init; }

    /// <summary>The comment.</summary>
    public string Comment { get; init; } = "";

    /// <summary>True for INVISIBLE.</summary>
    public bool IsInvisible { get; init; }
}
