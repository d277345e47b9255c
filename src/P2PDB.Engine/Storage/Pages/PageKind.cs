namespace P2PDB.Engine.Storage.Pages;

/// <summary>What a page holds.</summary>
internal enum PageKind : byte
{
    /// <summary>Nothing: not a page.</summary>
    None,

    /// <summary>Records of a tree, ordered by key.</summary>
    Leaf,

    /// <summary>Separators and page numbers of a tree's upper levels.</summary>
    Inner,

    /// <summary>A piece of a value that is too long for a leaf.</summary>
    LongValue,
}
