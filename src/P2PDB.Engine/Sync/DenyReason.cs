namespace P2PDB.Engine.Sync;

/// <summary>Why a peer is not served a database.</summary>
internal enum DenyReason : byte
{
    /// <summary>This node does not follow it, or does not say whether it does.</summary>
    UnknownDatabase = 1,

    /// <summary>The peer's node is no member's.</summary>
    NotMember = 2,

    /// <summary>The invitation is not one of this database, is used up, or its proof does not verify.</summary>
    InvitationInvalid = 3,
}
