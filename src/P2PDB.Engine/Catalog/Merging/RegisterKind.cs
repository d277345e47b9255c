namespace P2PDB.Engine.Catalog.Merging;

/// <summary>What a register of a cell holds.</summary>
internal enum RegisterKind : byte
{
    /// <summary>A value that an author set.</summary>
    Value = 0,

    /// <summary>The sum of an author's deltas.</summary>
    Total = 1,

    /// <summary>The latest plain write, of whomever; kept only while it is later than all other registers.</summary>
    Plain = 2,

    /// <summary>What an author did to a counter with rights.</summary>
    Rights = 3,
}
