using System.Buffers;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Muxers;
using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Identify;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Connects a router to the streams of a swarm: one link for each connected peer that speaks the protocol.</summary>
internal sealed class PeerLinks(
    PeerSwarm swarm, GossipsubOptions options, TimeProvider time, RunningTasks tasks, GossipRouter router, GossipInbox inbox,
    CancellationToken closing)
{
    private const int WriteBufferLength = Limits.DataFrameLengthMax;

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, PeerLink> _links = [];
    private TaskCompletionSource? _room;

    /// <summary>Serves the protocols and links with peers, those that are connected and those that come.</summary>
    public void Start()
    {
        swarm.PeerIdentified += OnIdentified;
        swarm.PeerDisconnected += OnDisconnected;
        foreach (string protocol in GossipProtocols.Served(options.Floodsub))
            swarm.Handle(protocol, ServeAsync);
        foreach (ConnectionSnapshot connection in swarm.Connections)
        {
            if (swarm.FindIdentity(connection.Peer) is { } record)
                OnIdentified(connection.Peer, record);
        }
    }

    /// <summary>Serves no more; the links end by the closing token.</summary>
    public void Stop()
    {
        swarm.PeerIdentified -= OnIdentified;
        swarm.PeerDisconnected -= OnDisconnected;
        foreach (string protocol in GossipProtocols.Served(options.Floodsub))
            swarm.StopHandling(protocol);
    }

    /// <summary>Ends when, after this call, a frame has left some queue.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
#pragma warning disable VSTHRD003 // A sign that a writer gives, not work; nothing here holds a context.
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
#pragma warning restore VSTHRD003
        }
    }

    /// <summary>Ends the links of peers that do not read.</summary>
    public void CloseStalled()
    {
        lock (_gate)
        {
            foreach (PeerLink link in _links.Values)
                link.CloseIfStalled();
        }
    }

    private void OnIdentified(PeerId peer, IdentifyRecord record)
    {
        if (GossipProtocols.TryChoose(record.Protocols, options.Floodsub, out GossipProtocol best))
            FindOrStart(peer, best);
    }

    private void OnDisconnected(PeerId peer)
    {
        lock (_gate)
        {
            if (_links.TryGetValue(peer, out PeerLink? link))
                link.Hurry();
        }
    }

    private PeerLink FindOrStart(PeerId peer, GossipProtocol protocol)
    {
        PeerLink? link;
        lock (_gate)
        {
            if (_links.TryGetValue(peer, out link))
            {
                link.IsWanted = true;
                return link;
            }

            _links.Add(peer, link = new PeerLink(peer, protocol));
        }

        if (!tasks.TryStart(() => RunAsync(link)))
            TryForget(link, isForced: true);
        return link;
    }

    private bool TryForget(PeerLink link, bool isForced)
    {
        lock (_gate)
        {
            if (link.IsWanted && !isForced)
            {
                link.IsWanted = false;
                return false;   // the peer came back while its last stream ended
            }

            _links.Remove(link.Id);
        }

        link.GiveUp();
        return true;
    }

    private async Task RunAsync(PeerLink link)
    {
        GossipPeer? before = null;
        try
        {
            do
            {
                for (int attempt = 0; attempt < Limits.GossipOpenAttemptCountMax; attempt++)
                {
                    if (attempt > 0)
                        await Task.Delay(options.Mesh.HeartbeatInterval, time, closing).ConfigureAwait(false);
                    OpenOutcome open = await swarm
                        .OpenConnectedStreamAsync(link.Id, GossipProtocols.IdOf(link.Protocol), closing).ConfigureAwait(false);
                    if (open.Status is OpenStatus.NotConnected or OpenStatus.ProtocolNotServed)
                        break;
                    if (!open.IsOpened)
                        continue;

                    long began = time.GetTimestamp();
                    before = await RunAsync(link, open.Stream, before).ConfigureAwait(false);
                    if (time.GetElapsedTime(began) >= Limits.BackoffForgetAfter)
                        attempt = 0;   // a stream that held proves the peer well
                }
            }
            while (!TryForget(link, isForced: false));
        }
        catch (OperationCanceledException)
        {
            TryForget(link, isForced: true);
        }
    }

    // Writes until the stream ends; gives the peer as it was then if its own stream is still open.
    private async Task<GossipPeer?> RunAsync(PeerLink link, MuxedStream stream, GossipPeer? before)
    {
        try
        {
            var outbox = new Outbox(time);
            GossipPeer peer = await inbox.AskAsync(() => AddPeer(link, outbox, before), closing).ConfigureAwait(false);
            link.Begin(peer);
            Task watching = WatchAsync(stream, outbox);
            try
            {
                await WriteAsync(stream, outbox).ConfigureAwait(false);
            }
            catch (Exception ending) when (ending is StreamResetException or OperationCanceledException)
            {
                // The peer is removed below, and found again if it is still there.
            }

            outbox.Close();
            SignalRoom();
            stream.Reset();
            await watching.ConfigureAwait(false);
            bool isHeard = link.End();
            await inbox.AskAsync(() => RemovePeer(peer), closing).ConfigureAwait(false);
            return isHeard ? peer : null;
        }
        finally
        {
            stream.Reset();
        }
    }

    private GossipPeer AddPeer(PeerLink link, Outbox outbox, GossipPeer? before)
    {
        bool isOutbound = false;
        string? address = null;
        foreach (ConnectionSnapshot connection in swarm.Connections)
        {
            if (connection.Peer != link.Id)
                continue;

            isOutbound |= connection.Direction == ConnectionDirection.Outbound;
            address = connection.RemoteAddress.TryGetTransport(out TransportAddress transport) ? transport.Host : address;
        }

        GossipPeer peer = router.AddPeer(link.Id, link.Protocol, isOutbound, address, outbox);
        if (before is not null)
            router.CarrySubscriptions(before, peer);
        return peer;
    }

    private bool RemovePeer(GossipPeer peer)
    {
        router.RemovePeer(peer);
        return true;
    }

    private async Task WriteAsync(MuxedStream stream, Outbox outbox)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(WriteBufferLength);
        try
        {
            while (await outbox.WaitAsync(closing).ConfigureAwait(false))
            {
                int filled = 0;
                while (outbox.TryTake(out OutgoingFrame? frame))
                {
                    if (filled > 0 && frame!.Length > buffer.Length - filled)
                    {
                        await stream.WriteAsync(buffer.AsMemory(0, filled), closing).ConfigureAwait(false);
                        filled = 0;
                    }

                    if (frame!.Length > buffer.Length)
                    {
                        await stream.WriteAsync(frame.Bytes, closing).ConfigureAwait(false);
                    }
                    else
                    {
                        frame.Bytes.CopyTo(buffer.AsMemory(filled));
                        filled += frame.Length;
                    }

                    frame.Release();
                    SignalRoom();
                }

                if (filled > 0)
                    await stream.WriteAsync(buffer.AsMemory(0, filled), closing).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Nothing comes on the stream that we opened, but a reset of it is seen at once this way.
    private async Task WatchAsync(MuxedStream stream, Outbox outbox)
    {
        byte[] nothing = new byte[1];
        try
        {
            while (await stream.ReadAsync(nothing, closing).ConfigureAwait(false) > 0)
            {
                // Not for us to judge: other implementations ignore it too.
            }
        }
        catch (Exception ending) when (ending is StreamResetException or OperationCanceledException)
        {
            outbox.Close();
        }
    }

    private void SignalRoom() => Interlocked.Exchange(ref _room, null)?.TrySetResult();

    private async Task ServeAsync(MuxedStream stream, CancellationToken cancellationToken)
    {
        if (!GossipProtocols.TryChoose([stream.Protocol], options.Floodsub, out GossipProtocol protocol))
            return;

        if (swarm.FindIdentity(stream.RemotePeer) is { } record
            && GossipProtocols.TryChoose(record.Protocols, options.Floodsub, out GossipProtocol best) && best > protocol)
        {
            protocol = best;
        }

        PeerLink link = FindOrStart(stream.RemotePeer, protocol);
        link.SetInbound(stream);
        using var reader = new InboundStream(stream);
        try
        {
            await reader.RunAsync(link, inbox, closing).ConfigureAwait(false);
        }
        finally
        {
            link.ClearInbound(stream);
        }
    }
}
