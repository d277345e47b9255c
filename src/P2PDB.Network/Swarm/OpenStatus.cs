namespace P2PDB.Network.Swarm;

/// <summary>How an attempt to open a stream ended.</summary>
public enum OpenStatus : byte
{
    /// <summary>The stream is open and speaks the protocol.</summary>
    Opened,

    /// <summary>There is no connection to the peer and none could be made.</summary>
    NotConnected,

    /// <summary>The remote does not serve the protocol.</summary>
    ProtocolNotServed,

    /// <summary>The connection has as many streams as it may have, or is closing.</summary>
    TooManyStreams,

    /// <summary>The remote did not answer in time.</summary>
    TimedOut,
}
