using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>Reaches the peer that a command names by a multiaddr or a bare peer id; a connection that is there is used.</summary>
internal sealed class PeerTarget(Swarm swarm)
{
    /// <summary>Connects.</summary>
    /// <exception cref="CommandFailedException">It is no address, nobody answers there, or somebody else does.</exception>
    public async Task<PeerId> ConnectAsync(string target, CancellationToken cancellationToken)
    {
        DialOutcome outcome;
        if (target.StartsWith('/'))
        {
            outcome = Multiaddress.TryParse(target, out Multiaddress? address)
                ? await swarm.DialAsync(address!, cancellationToken).ConfigureAwait(false)
                : throw new CommandFailedException("BadAddress", $"'{target}' is not a multiaddr");
        }
        else
        {
            outcome = await swarm.DialAsync(ParsePeer(target), cancellationToken).ConfigureAwait(false);
        }

        return outcome.IsConnected
            ? outcome.Peer
            : throw new CommandFailedException(outcome.Status.ToString(), $"no connection to {target}: {outcome.Status}");
    }

    /// <summary>Opens a stream, connecting first where that is needed.</summary>
    /// <exception cref="CommandFailedException">There is no connection, or the peer does not serve the protocol.</exception>
    public async Task<MuxedStream> OpenAsync(string target, string protocol, CancellationToken cancellationToken)
    {
        PeerId peer = await ConnectAsync(target, cancellationToken).ConfigureAwait(false);
        OpenOutcome open = await swarm.OpenStreamAsync(peer, protocol, cancellationToken).ConfigureAwait(false);
        return open.IsOpened
            ? open.Stream
            : throw new CommandFailedException(open.Status.ToString(), $"no stream of {protocol} to {target}: {open.Status}");
    }

    /// <summary>Reads a peer id.</summary>
    /// <exception cref="CommandFailedException">The text is none.</exception>
    public static PeerId ParsePeer(string text) => PeerId.TryParse(text, out PeerId? peer)
        ? peer!
        : throw new CommandFailedException("BadPeer", $"'{text}' is not a peer id");
}
