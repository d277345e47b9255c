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

    /// <summary>The protocol that encrypts it.</summary>
    public required string Encryption { get; init; }

    /// <summary>The protocol of its muxer.</summary>
    public required string Muxer { get; init; }

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
    public int StreamCount => StreamProtocols.Count;

    /// <summary>The protocols of those streams, one for each; empty texts stand for streams still being negotiated.</summary>
    public required IReadOnlyList<string> StreamProtocols { get; init; }

    /// <summary>When the connection was ready.</summary>
    public required DateTimeOffset Since { get; init; }
}
