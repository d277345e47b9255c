namespace P2PDB.Engine.Catalog.Merging;

/// <summary>What an author says of rights to take from a counter. The numbers are part of the format of marks.</summary>
internal enum GrantForm : byte
{
    /// <summary>The author brought the amount in: it has the rights to it.</summary>
    Made = 0,

    /// <summary>Another did, before the column merged this way: the value was there when the author first counted.</summary>
    MadeByOther = 1,

    /// <summary>The author passes rights on to another.</summary>
    Passed = 2,

    /// <summary>The author takes over the rights of another, which is gone: an earlier key of its node.</summary>
    Taken = 3,
}
