using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>What this node alone knows of a table: where its rows and indexes lie, and in which layouts.</summary>
internal sealed class TablePlace(TreeId rowTree)
{
    /// <summary>The tree of rows.</summary>
    public TreeId RowTree { get; } = rowTree;

    /// <summary>The layouts of its row records.</summary>
    public RowLayouts Layouts { get; } = new();

    /// <summary>Its counter.</summary>
    public AutoIncrementCounter AutoIncrement { get; } = new();

    /// <summary>The trees of its indexes, by lower name.</summary>
    public Dictionary<string, TreeId> IndexTrees { get; } = new(StringComparer.Ordinal);
}
