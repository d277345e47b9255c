using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Transports;

/// <summary>The channel at the bottom of a connection: it has an address and counts what the link carries.</summary>
internal interface ITransportChannel : IByteChannel
{
    /// <summary>The remote's end, without a peer id.</summary>
    public Multiaddress RemoteAddress { get; }

    /// <summary>Bytes received from the socket so far.</summary>
    public long ReceivedLength { get; }

    /// <summary>Bytes given to the socket so far.</summary>
    public long SentLength { get; }
}
