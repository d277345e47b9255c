namespace P2PDB.Engine.Apply;

/// <summary>What becomes of an index entry.</summary>
internal enum EntryChange : byte
{
    /// <summary>It is there, of a visible row.</summary>
    Put,

    /// <summary>It is there, of a row that is not visible.</summary>
    PutHidden,

    /// <summary>It is not there.</summary>
    Remove,
}
