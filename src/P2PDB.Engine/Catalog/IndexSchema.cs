using System.Collections.Immutable;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// One index of a table version. The primary key's tree holds the rows: primary key → row record. Every other tree holds
/// index key + primary key → see <see cref="IndexEntry"/>.
/// </summary>
internal sealed class IndexSchema
{
    /// <summary>The name; PRIMARY for the primary key.</summary>
    public required string Name { get; init; }

    /// <summary>What it promises.</summary>
    public required IndexKind Kind { get; init; }

    /// <summary>The columns, first to last.</summary>
    public required ImmutableArray<IndexPart> Parts { get; init; }

    /// <summary>The tree on this node; none while the definition is not applied here.</summary>
    public TreeId Tree { get; init; }

    /// <summary>The comment.</summary>
    public string Comment { get; init; } = "";

    /// <summary>True for INVISIBLE: kept up to date, not used by plans.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>True for the primary key and UNIQUE.</summary>
    public bool IsUnique => Kind != IndexKind.Plain;

    /// <summary>True for the primary key.</summary>
    public bool IsPrimary => Kind == IndexKind.Primary;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
