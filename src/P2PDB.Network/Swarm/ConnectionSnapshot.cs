using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Swarm;

/// <summary>One connection as it was at the moment of the call.</summary>
public sealed record ConnectionSnapshot
{
    /// <summary>The remote, proven by the handshake.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>The remote's end of the TCP connection.</summary>
    public required Multiaddress RemoteAddress { get; init; }

    /// <summary>Which side dialled.</summary>
    public required ConnectionDirection Direction { get; init; }

    /// <summary>True if the muxer was agreed inside the handshake.</summary>
    public required bool IsEarlyMuxer { get; init; }

    /// <summary>What the remote says about its software; empty before identify answered.</summary>
    public required string Agent { get; init; }

    /// <summary>Bytes received, with all overhead of the protocols above TCP.</summary>
    public required long ReceivedLength { get; init; }

    /// <summary>Bytes sent, with all overhead of the protocols above TCP.</summary>
    public required long SentLength { get; init; }

    /// <summary>Last round-trip time; zero before the first answer.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>Streams open in both directions.</summary>
    public required int StreamCount { get; init; }

    /// <summary>When the connection was ready.</summary>
    public required DateTimeOffset Since { get; init; }
}
