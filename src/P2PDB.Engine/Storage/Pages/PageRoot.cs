namespace P2PDB.Engine.Storage.Pages;

/// <summary>Where a tree begins. The default is the empty tree.</summary>
/// <param name="Node">The topmost inner node; null where the tree is one leaf or empty.</param>
/// <param name="Leaf">Page number of the only leaf; 0 otherwise.</param>
/// <param name="HasLongValues">True where a record of it ever had a long value.</param>
internal readonly record struct PageRoot(InnerNode? Node, long Leaf, bool HasLongValues)
{
    /// <summary>True where no record ever was.</summary>
    public bool IsEmpty => Node is null && Leaf == 0;
}
