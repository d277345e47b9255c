namespace P2PDB.Engine.Catalog;

/// <summary>What becomes of rows that reference a row which is removed or gets another key. The numbers are part of the format.</summary>
internal enum ReferenceRule : byte
{
    /// <summary>Nothing was written: the row stays as it is while others reference it.</summary>
    NoAction = 0,

    /// <summary>The same, written.</summary>
    Restrict = 1,

    /// <summary>They follow.</summary>
    Cascade = 2,

    /// <summary>They let go: their columns become NULL.</summary>
    SetNull = 3,
}
