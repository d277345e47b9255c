using P2PDB.Engine.Catalog;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>How a scan finds its rows: by which index, in which ranges and in which direction.</summary>
/// <param name="Index">The index to walk, or null for the table itself in primary key order.</param>
/// <param name="Ranges">The ranges, or none for everything.</param>
internal sealed record AccessPath(IndexSchema? Index, KeyRange[] Ranges)
{
    /// <summary>True where a range names one row at most.</summary>
    public bool IsPoint { get; init; }

    /// <summary>True where rows come in descending index order.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Everything, in primary key order.</summary>
    public static AccessPath Full { get; } = new(null, []);
}
