using P2PDB.Network.Muxers;
using P2PDB.Network.Negotiation;
using P2PDB.Network.Peers;
using P2PDB.Network.Security;
using P2PDB.Network.Transports;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Swarm;

/// <summary>Turns a raw connection into an encrypted one with a known peer and an agreed muxer.</summary>
internal static class ConnectionUpgrade
{
    private static readonly string[] SecurityProtocols = [NoiseUpgrade.ProtocolId];
    private static readonly string[] MuxerProtocols = [YamuxConnection.ProtocolId];

    /// <summary>Runs the upgrade; the outcome's channel is null where it failed. The raw channel stays the caller's to abort.</summary>
    public static async ValueTask<UpgradeOutcome> RunAsync(
        IByteChannel raw, SigningKey identity, bool isInitiator, PeerId? expectedPeer, bool earlyMuxer, CancellationToken cancellationToken)
    {
        if (await AgreeAsync(raw, SecurityProtocols, isInitiator, cancellationToken).ConfigureAwait(false) is null)
            return new UpgradeOutcome(DialStatus.NegotiationFailed);

        NoiseOutcome noise = await NoiseUpgrade.RunAsync(raw, identity, isInitiator, earlyMuxer ? MuxerProtocols : [], cancellationToken)
            .ConfigureAwait(false);
        if (noise.Channel is null)
            return new UpgradeOutcome(DialStatus.NegotiationFailed);

        if (expectedPeer is not null && noise.RemotePeer != expectedPeer)
            return new UpgradeOutcome(DialStatus.PeerMismatch);
        if (noise.RemotePeer == PeerId.FromPublicKey(identity.PublicKey))
            return new UpgradeOutcome(DialStatus.Self);

        // One muxer exists here, so the preferences of both sides need no weighing: it is agreed if both named it.
        bool isAgreed = earlyMuxer && Contains(noise.RemoteMuxers!, YamuxConnection.ProtocolId);
        if (!isAgreed && await AgreeAsync(noise.Channel, MuxerProtocols, isInitiator, cancellationToken).ConfigureAwait(false) is null)
            return new UpgradeOutcome(DialStatus.NegotiationFailed);

        return new UpgradeOutcome(DialStatus.Connected, noise.Channel, noise.RemotePeer, isAgreed);
    }

    private static ValueTask<string?> AgreeAsync(IByteChannel channel, string[] protocols, bool isInitiator, CancellationToken cancellationToken) =>
        isInitiator
            ? MultistreamSelect.ProposeAsync(channel, protocols, cancellationToken)
            : MultistreamSelect.AnswerAsync(channel, protocol => Contains(protocols, protocol), cancellationToken);

    private static bool Contains(IReadOnlyList<string> list, string wanted)
    {
        foreach (string item in list)
        {
            if (item == wanted)
                return true;
        }

        return false;
    }
}
