namespace P2PDB.Server.Transport;

/// <summary>Why a thread left a connection.</summary>
internal enum ServeOutcome : byte
{
    /// <summary>No request for a while: wait for one without a thread.</summary>
    Idle,

    /// <summary>It is over.</summary>
    Ended,
}
