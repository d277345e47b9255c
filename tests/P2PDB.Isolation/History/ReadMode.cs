namespace P2PDB.Isolation.History;

/// <summary>How a statement reads.</summary>
internal enum ReadMode
{
    /// <summary>SELECT.</summary>
    Plain,

    /// <summary>SELECT … FOR SHARE.</summary>
    Share,

    /// <summary>SELECT … FOR UPDATE.</summary>
    Update,
}
