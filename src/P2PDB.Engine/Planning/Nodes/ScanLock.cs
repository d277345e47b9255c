namespace P2PDB.Engine.Planning.Nodes;

/// <summary>Whether a scan locks the rows that it gives out.</summary>
internal enum ScanLock : byte
{
    /// <summary>A plain read of the snapshot.</summary>
    None,

    /// <summary>FOR SHARE.</summary>
    Shared,

    /// <summary>FOR UPDATE.</summary>
    Exclusive,
}
