namespace P2PDB.Engine.Log;

/// <summary>What a held entry counts for: a pure function of its causal past, the same on all nodes.</summary>
internal enum EntryStanding : byte
{
    /// <summary>Its operations count.</summary>
    Effective,

    /// <summary>Its causal past does not admit the author: held, without effect.</summary>
    NotAdmitted,

    /// <summary>Its body does not decode or does not fit the schema: held, without effect, listed.</summary>
    Void,

    /// <summary>It, or something in its causal past, needs a newer version: held, applied after an upgrade.</summary>
    Parked,
}
