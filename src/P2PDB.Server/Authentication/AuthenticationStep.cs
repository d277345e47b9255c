namespace P2PDB.Server.Authentication;

/// <summary>What a login needs next.</summary>
internal enum AuthenticationStep : byte
{
    /// <summary>A packet was written; the client's answer comes next.</summary>
    NeedsAnswer,

    /// <summary>The client is who it says.</summary>
    Accepted,

    /// <summary>It is not, or cannot show it.</summary>
    Denied,
}
