namespace P2PDB.Network.Muxers;

/// <summary>Why a yamux session ended.</summary>
internal enum YamuxEnd : byte
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>One side closed it in peace.</summary>
    Closed,

    /// <summary>The channel below ended without a word.</summary>
    ChannelEnded,

    /// <summary>The remote sent what yamux forbids.</summary>
    ProtocolBroken,

    /// <summary>The remote asked for answers and did not read them.</summary>
    RemoteStalled,

    /// <summary>A keep-alive ping stayed without an answer.</summary>
    KeepAliveFailed,
}

/// <summary>Reasons a go-away frame carries.</summary>
internal enum YamuxGoAway : uint
{
    Normal = 0,
    ProtocolError = 1,
    InternalError = 2,
}
