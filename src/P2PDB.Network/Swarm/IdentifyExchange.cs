using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Swarm;

/// <summary>Tells peers who we are and learns who they are: asks each new connection, answers, and pushes what changed.</summary>
internal sealed class IdentifyExchange(
    Swarm swarm, SigningKey identity, SwarmOptions options, ProtocolTable protocols, AddressBook addresses, TimeProvider time)
{
    private int _version = 1;

    /// <summary>Says that our description changed, before it is pushed.</summary>
    public void CountChange() => Interlocked.Increment(ref _version);

    /// <summary>Asks the remote of a new connection.</summary>
    public async Task AskAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            OpenOutcome open = await swarm.OpenStreamAsync(connection, IdentifyProtocol.Id, cancellationToken).ConfigureAwait(false);
            if (!open.IsOpened)
                return;

            await using (open.Stream.ConfigureAwait(false))
            {
                using var deadline = new Deadline(Limits.NegotiationTimeout, time, cancellationToken);
                await open.Stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
                if (await IdentifyProtocol.ReceiveAsync(open.Stream, deadline.Token).ConfigureAwait(false) is { } record)
                    Take(connection, record, isPush: false);
            }

            // A change between its question and its answer found no record that says whether it takes pushes.
            if (connection.ToldVersion != 0)
                await PushAsync([connection], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ending) when (ending is StreamResetException or OperationCanceledException)
        {
            // The peer stays unidentified; the connection works without.
        }
    }

    /// <summary>Answers a peer that asks.</summary>
    public Task AnswerAsync(PeerConnection connection, MuxedStream stream, CancellationToken cancellationToken) =>
        IdentifyProtocol.SendAsync(stream, Describe(connection), cancellationToken);

    /// <summary>Takes what a peer pushes.</summary>
    public async Task TakePushAsync(PeerConnection connection, MuxedStream stream, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(Limits.NegotiationTimeout, time, cancellationToken);
        if (await IdentifyProtocol.ReceiveAsync(stream, deadline.Token).ConfigureAwait(false) is { } record)
            Take(connection, record, isPush: true);
    }

    /// <summary>Tells the connected peers that take pushes what we are now.</summary>
    public async Task PushAsync(PeerConnection[] connections, CancellationToken cancellationToken)
    {
        foreach (PeerConnection connection in connections)
        {
            if (connection.Identity is not { } remote || connection.ToldVersion == Volatile.Read(ref _version)
                || !Serves(remote, IdentifyProtocol.PushId))
            {
                continue;
            }

            try
            {
                OpenOutcome open = await swarm.OpenStreamAsync(connection, IdentifyProtocol.PushId, cancellationToken).ConfigureAwait(false);
                if (!open.IsOpened)
                    continue;

                await using (open.Stream.ConfigureAwait(false))
                    await IdentifyProtocol.SendAsync(open.Stream, Describe(connection), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception ending) when (ending is StreamResetException or OperationCanceledException)
            {
                // The next connection to that peer starts with identify anyway.
            }
        }
    }

    private static bool Serves(IdentifyRecord record, string protocol)
    {
        foreach (string served in record.Protocols)
        {
            if (served == protocol)
                return true;
        }

        return false;
    }

    private IdentifyRecord Describe(PeerConnection connection)
    {
        connection.ToldVersion = Volatile.Read(ref _version);   // before the facts are gathered: a change meanwhile is told again
        var listen = new List<Multiaddress>();
        foreach (Multiaddress address in swarm.ListenAddresses)
            listen.Add(address.WithoutPeer());

        return new IdentifyRecord
        {
            PublicKey = IdentityKey.FromEd25519(identity.PublicKey).Encode(),
            ListenAddresses = listen,
            Protocols = protocols.ToArray(),
            ObservedAddress = connection.RemoteAddress,
            ProtocolVersion = options.ProtocolVersion,
            AgentVersion = options.AgentVersion,
            SignedPeerRecord = SignedPeerRecord.Seal(identity, (ulong)time.GetUtcNow().ToUnixTimeMilliseconds(), listen),
        };
    }

    private void Take(PeerConnection connection, IdentifyRecord record, bool isPush)
    {
        if (!record.PublicKey.IsEmpty
            && (!IdentityKey.TryDecode(record.PublicKey.Span, out IdentityKey? key) || PeerId.FromKey(key!) != connection.Peer))
        {
            return;   // says it is somebody else than the handshake proved
        }

        // A signed record that is not the peer's own is dropped, so that nobody takes it for proof.
        bool isSigned = SignedPeerRecord.TryOpen(record.SignedPeerRecord.Span, out SignedPeerRecord? signed) && signed!.Peer == connection.Peer;
        if (!isSigned)
            record = record with { SignedPeerRecord = ReadOnlyMemory<byte>.Empty };
        if (isPush && connection.Identity is { } before)
            record = Merge(before, record);

        connection.Identity = record;
        foreach (Multiaddress address in isSigned ? signed!.Addresses : record.ListenAddresses)
            addresses.AddLast(connection.Peer, address);
        swarm.RaiseIdentified(connection.Peer, record);
    }

    // A push carries only what changed.
    private static IdentifyRecord Merge(IdentifyRecord before, IdentifyRecord pushed) => new()
    {
        PublicKey = pushed.PublicKey.IsEmpty ? before.PublicKey : pushed.PublicKey,
        ListenAddresses = HasAny(pushed.ListenAddresses) ? pushed.ListenAddresses : before.ListenAddresses,
        Protocols = HasAny(pushed.Protocols) ? pushed.Protocols : before.Protocols,
        ObservedAddress = pushed.ObservedAddress ?? before.ObservedAddress,
        ProtocolVersion = pushed.ProtocolVersion.Length == 0 ? before.ProtocolVersion : pushed.ProtocolVersion,
        AgentVersion = pushed.AgentVersion.Length == 0 ? before.AgentVersion : pushed.AgentVersion,
        SignedPeerRecord = pushed.SignedPeerRecord.IsEmpty ? before.SignedPeerRecord : pushed.SignedPeerRecord,
    };

    private static bool HasAny<T>(IEnumerable<T> elements)
    {
        using IEnumerator<T> first = elements.GetEnumerator();
        return first.MoveNext();
    }
}
