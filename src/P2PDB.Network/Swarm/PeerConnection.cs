using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Security;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Swarm;

/// <summary>An upgraded connection: its socket, its encrypted channel, its muxer and what is known about the remote.</summary>
internal sealed class PeerConnection
{
    private readonly ITransportChannel _socket;

    public PeerConnection(
        ITransportChannel socket, in UpgradeOutcome upgrade, bool isInitiator, TimeProvider time, ByteBudget swarmReceived,
        Action<PeerConnection, MuxedStream> accept)
    {
        _socket = socket;
        IsInitiator = isInitiator;
        IsEarlyMuxer = upgrade.IsEarlyMuxer;
        Peer = upgrade.RemotePeer!;
        RemoteAddress = socket.RemoteAddress;
        Since = time.GetUtcNow();
        Muxer = new YamuxConnection(upgrade.Channel!, Peer, isInitiator, time, swarmReceived, stream => accept(this, stream));
    }

    /// <summary>The remote.</summary>
    public PeerId Peer { get; }

    /// <summary>True if this node dialled.</summary>
    public bool IsInitiator { get; }

    /// <summary>True if the muxer was agreed inside the handshake.</summary>
    public bool IsEarlyMuxer { get; }

    /// <summary>The remote's end of the socket.</summary>
    public Multiaddress RemoteAddress { get; }

    /// <summary>When the connection was ready.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The muxer.</summary>
    public YamuxConnection Muxer { get; }

    /// <summary>What the remote last said about itself; null before identify answered.</summary>
    public IdentifyRecord? Identity { get; set; }

    /// <summary>The version of our own description that the remote was last told; 0 before it asked.</summary>
    public int ToldVersion { get; set; }

    /// <summary>Runs the connection to its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task keepAlive = Muxer.KeepAlive.RunAsync(ended.Token);
        await Muxer.RunAsync(cancellationToken).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await keepAlive.ConfigureAwait(false);
    }

    /// <summary>The public picture of the connection.</summary>
    public ConnectionSnapshot Snapshot() => new()
    {
        Peer = Peer,
        RemoteAddress = RemoteAddress,
        Direction = IsInitiator ? ConnectionDirection.Outbound : ConnectionDirection.Inbound,
        Encryption = NoiseUpgrade.ProtocolId,
        Muxer = YamuxConnection.ProtocolId,
        IsEarlyMuxer = IsEarlyMuxer,
        Agent = Identity?.AgentVersion ?? "",
        ReceivedLength = _socket.ReceivedLength,
        SentLength = _socket.SentLength,
        Latency = Muxer.KeepAlive.Latency,
        StreamProtocols = Muxer.ListStreamProtocols(),
        Since = Since,
    };
}
