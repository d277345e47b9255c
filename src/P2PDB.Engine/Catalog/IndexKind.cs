namespace P2PDB.Engine.Catalog;

/// <summary>What an index promises. The numbers are part of the definition format.</summary>
internal enum IndexKind : byte
{
    /// <summary>The primary key: the rows' own tree.</summary>
    Primary = 0,

    /// <summary>UNIQUE: no two visible rows have the same key without NULLs.</summary>
    Unique = 1,

    /// <summary>An order to search by.</summary>
    Plain = 2,
}
