namespace P2PDB.Engine.Sync;

/// <summary>How far a join has come.</summary>
internal enum JoinState : byte
{
    /// <summary>No peer with the database was reached yet.</summary>
    Pending,

    /// <summary>A first exchange is done and the invitation is claimed; a member has to countersign.</summary>
    Claimed,

    /// <summary>This node is a member.</summary>
    Joined,

    /// <summary>The invitation was used by another node, or is none of this database.</summary>
    Refused,
}
