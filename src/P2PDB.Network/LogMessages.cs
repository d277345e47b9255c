using Microsoft.Extensions.Logging;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;

namespace P2PDB.Network;

/// <summary>The log messages of this assembly; numbers 5000 to 5999.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(5001, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, Multiaddress address);

    [LoggerMessage(5002, LogLevel.Debug, "Connected to {Peer} at {Address}")]
    public static partial void Connected(ILogger logger, PeerId peer, Multiaddress address);

    [LoggerMessage(5003, LogLevel.Debug, "Connection to {Peer} ended: {End}")]
    public static partial void Disconnected(ILogger logger, PeerId peer, YamuxEnd end);

    [LoggerMessage(5004, LogLevel.Debug, "Upgrade of a connection at {Address} failed: {Status}")]
    public static partial void UpgradeFailed(ILogger logger, Multiaddress address, Swarm.DialStatus status);

    [LoggerMessage(5005, LogLevel.Warning, "The handler of {Protocol} failed; its stream was reset")]
    public static partial void HandlerFailed(ILogger logger, string protocol, Exception failure);

    [LoggerMessage(5006, LogLevel.Information, "Peer at {Address} not reached ({Status}); next attempt in {Pause}")]
    public static partial void PeerNotReached(ILogger logger, Multiaddress address, Swarm.DialStatus status, TimeSpan pause);

    [LoggerMessage(5008, LogLevel.Error, "The connection to {Peer} was closed by a fault of this node")]
    public static partial void ConnectionFailed(ILogger logger, PeerId peer, Exception failure);

    [LoggerMessage(5009, LogLevel.Debug, "Receiving from the local network failed for a moment: {Reason}")]
    public static partial void MdnsReceiveFailed(ILogger logger, string reason);

    [LoggerMessage(5010, LogLevel.Debug, "Sending to the local network failed for a moment: {Reason}")]
    public static partial void MdnsSendFailed(ILogger logger, string reason);

    [LoggerMessage(5011, LogLevel.Error, "A handler of discovered peers failed")]
    public static partial void MdnsHandlerFailed(ILogger logger, Exception failure);

    [LoggerMessage(5012, LogLevel.Error, "Discovery on the local network ended in part by a fault of this node")]
    public static partial void MdnsFailed(ILogger logger, Exception failure);

    [LoggerMessage(5007, LogLevel.Warning, "Accepting connections failed for a moment: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(5020, LogLevel.Error, "A handler or validator of gossip failed")]
    public static partial void GossipHandlerFailed(ILogger logger, Exception failure);

    [LoggerMessage(5021, LogLevel.Critical, "Gossip ended by a fault of this node")]
    public static partial void GossipFailed(ILogger logger, Exception failure);
}
