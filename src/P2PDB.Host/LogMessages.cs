using Microsoft.Extensions.Logging;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;

namespace P2PDB.Host;

internal static partial class LogMessages
{
    [LoggerMessage(5101, LogLevel.Information, "Data in {Directory}; cryptography by {Provider}")]
    public static partial void Started(ILogger logger, string directory, string provider);

    [LoggerMessage(5102, LogLevel.Information, "Ending")]
    public static partial void Ending(ILogger logger);

    [LoggerMessage(5103, LogLevel.Warning, "Peers on the local network are not looked for, as the port of mDNS is taken: {Reason}")]
    public static partial void DiscoveryNotStarted(ILogger logger, string reason);

    [LoggerMessage(5104, LogLevel.Warning, "TLS is not offered to clients: {Reason}")]
    public static partial void TlsNotOffered(ILogger logger, string reason);

    [LoggerMessage(5201, LogLevel.Debug, "Sync with {Peer} started")]
    public static partial void SyncStarted(ILogger logger, PeerId peer);

    [LoggerMessage(5202, LogLevel.Debug, "Sync with {Peer} ended")]
    public static partial void SyncEnded(ILogger logger, PeerId peer);

    [LoggerMessage(5203, LogLevel.Debug, "No sync with {Peer}: {Status}")]
    public static partial void SyncNotOpened(ILogger logger, PeerId peer, OpenStatus status);

    [LoggerMessage(5204, LogLevel.Debug, "No sync with {Peer}: its key is not Ed25519")]
    public static partial void PeerKeyForeign(ILogger logger, PeerId peer);

    [LoggerMessage(5205, LogLevel.Warning, "Peer {Peer} sent malformed frames or forged entries; disconnected")]
    public static partial void PeerBrokeProtocol(ILogger logger, PeerId peer);
}
