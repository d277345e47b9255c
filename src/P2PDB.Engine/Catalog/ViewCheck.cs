namespace P2PDB.Engine.Catalog;

/// <summary>What rows written through a view must meet. The numbers are part of the definition format.</summary>
internal enum ViewCheck : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>WITH LOCAL CHECK OPTION: the view's own condition.</summary>
    Local = 1,

    /// <summary>WITH CASCADED CHECK OPTION: the conditions of the views below it too.</summary>
    Cascaded = 2,
}
