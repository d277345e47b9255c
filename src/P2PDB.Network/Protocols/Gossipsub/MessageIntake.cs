// THE WAY OF A MESSAGE: decode → own topic? → id → seen before? → signing policy and signature → announce to mesh peers that no more
// copies are needed (large ones) → validator → remember for gossip, forward to the mesh, give to the application.
// A message becomes "seen" only once its signature holds: else a forged copy would shut out the real one.
using System.Buffers.Binary;
using P2PDB.Network.Peers;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Takes messages of peers, and decides which of them are accepted and where they go.</summary>
internal sealed class MessageIntake(GossipState state, CancellationToken closing)
{
    private readonly AuthorCache _authors = new();
    private readonly RpcWriter _announcement = new();
    private readonly MessageIdFunction _messageId = state.Options.MessageId
        ?? (state.Options.SigningPolicy == SigningPolicy.StrictSign ? MessageIds.FromAuthor : MessageIds.FromData);
    private int _pendingCount;
    private long _pendingLength;

    /// <summary>Until when broken promises are forgiven, as messages had to be dropped here.</summary>
    public TimeSpan ForgivenUntil { get; private set; }

    private bool IsPendingFull =>
        _pendingCount >= Limits.GossipValidationCountMax || _pendingLength >= Limits.GossipValidationLengthMax;

    /// <summary>Takes a message; false if it is malformed.</summary>
    public bool TryTake(GossipPeer source, ReadOnlySpan<byte> body)
    {
        if (!PubsubMessage.TryDecode(body, out PubsubMessage message))
            return false;
        if (state.FindTopic(message.Topic) is not { IsSubscribed: true } topic)
            return true;   // a late copy for a topic we have left
        if (!TryComputeId(message, out MessageId id))
        {
            state.Scores.CountInvalid(source.Score, topic.Name);
            return true;
        }

        if (state.Seen.TryFind(id, out SeenState seen))
            CountCopy(source, topic, id, seen);
        else if (topic.Validator is not null && IsPendingFull)
            ForgivenUntil = state.Now + state.Mesh.IWantFollowupTime;   // not seen: gossip brings it again
        else
            TakeNew(source, topic, message, id);
        return true;
    }

    /// <summary>The verdict on a message whose validator took its time.</summary>
    public void Complete(in PendingValidation pending, GossipVerdict verdict)
    {
        _pendingCount--;
        _pendingLength -= pending.Frame.Footprint;
        Decide(pending.Source, pending.Frame, verdict);
    }

    /// <summary>Computes the id of a message; false if it has none.</summary>
    public bool TryComputeId(in PubsubMessage message, out MessageId id)
    {
        Span<byte> bytes = stackalloc byte[Limits.GossipMessageIdLengthMax];
        id = default;
        int length;
        try
        {
            length = _messageId(message, bytes);
        }
        catch (Exception)
        {
            length = 0;   // the application's function, which peers must not be able to make us stop with
        }

        return (uint)length <= (uint)bytes.Length && MessageId.TryCreate(bytes[..length], out id);
    }

    // Copies prove that a mesh peer does its work, or that it passes on what it must not.
    private void CountCopy(GossipPeer source, TopicState topic, in MessageId id, in SeenState seen)
    {
        switch (seen.Status)
        {
            case SeenStatus.Pending:
                if (seen.Copies is not { } copies)
                    state.Seen.Update(id, seen with { Copies = [source] });
                else if (!copies.Contains(source))
                    copies.Add(source);
                break;
            case SeenStatus.Accepted:
                state.Scores.CountCopy(source.Score, topic.Name, state.Now - seen.At);
                break;
            case SeenStatus.Rejected:
                state.Scores.CountInvalid(source.Score, topic.Name);
                break;
        }
    }

    private void TakeNew(GossipPeer source, TopicState topic, in PubsubMessage message, in MessageId id)
    {
        MessageAuthor author = default;
        ulong? sequenceNumber = null;
        if (state.Options.SigningPolicy == SigningPolicy.StrictNoSign)
        {
            if (message.Has(1) || message.Has(3) || message.Has(5) || message.Has(6))
            {
                state.Scores.CountInvalid(source.Score, topic.Name);
                return;
            }
        }
        else
        {
            if (!IsAttributed(message, out author))
            {
                state.Scores.CountInvalid(source.Score, topic.Name);
                return;
            }

            if (!author.HasKey)
            {
                // Nobody's fault, so who promised it has kept the promise. Not seen, as nothing proves that it is what its id says.
                state.Unverified.TryAdd(id, SeenStatus.Ignored, state.Now);
                return;
            }

            sequenceNumber = BinaryPrimitives.ReadUInt64BigEndian(message.SequenceNumber);
        }

        MessageFrame frame = state.Frames.Take();
        frame.Fill(message, id, topic.Name, author.Peer, sequenceNumber);
        if (author.HasKey && !frame.Verify(author.Key, message.Signature))
        {
            frame.Release();
            state.Scores.CountInvalid(source.Score, topic.Name);
            return;
        }

        if (author.Peer == state.Local)
        {
            // Our own from before a restart.
            state.Seen.TryAdd(id, SeenStatus.Ignored, state.Now);
            frame.Release();
            return;
        }

        frame.Seal();
        state.Seen.TryAdd(id, SeenStatus.Pending, state.Now);
        AnnounceUnwanted(source, topic, frame);
        Validate(source, topic, frame);
    }

    private bool IsAttributed(in PubsubMessage message, out MessageAuthor author)
    {
        author = default;
        return message.Has(5) && message.SequenceNumber.Length == sizeof(ulong) && _authors.TryFind(message.From, out author)
            && (!message.Has(6) || AuthorCache.IsKeyOf(message.From, message.Key));
    }

    // One frame for all: mesh peers that would send us the same large message may spare it.
    private void AnnounceUnwanted(GossipPeer source, TopicState topic, MessageFrame message)
    {
        if (message.Data.Length < state.Mesh.IDontWantThreshold)
            return;

        OutgoingFrame? announcement = null;
        foreach (GossipPeer peer in topic.Mesh)
        {
            if (peer == source || peer.Protocol < GossipProtocol.V12)
                continue;

            if (announcement is null)
            {
                _announcement.AddIDontWant(message.Id);
                announcement = _announcement.TakeFrame();
            }

            peer.Outbox.TryAddGossip(announcement);
        }

        announcement?.Release();
    }

    private void Validate(GossipPeer source, TopicState topic, MessageFrame frame)
    {
        var verdict = new ValueTask<GossipVerdict>(GossipVerdict.Accept);
        if (topic.Validator is { } validator)
        {
            try
            {
                verdict = validator(Describe(frame, source.Id), closing);
            }
            catch (Exception)
            {
                // The application's fault, not the peer's. Its own log knows more than we could say.
                verdict = new ValueTask<GossipVerdict>(GossipVerdict.Ignore);
            }
        }

        if (verdict.IsCompletedSuccessfully)
        {
#pragma warning disable VSTHRD002, CA2012 // it has completed, and is looked at once
            Decide(source, frame, verdict.GetAwaiter().GetResult());
#pragma warning restore VSTHRD002, CA2012
            return;
        }

        _pendingCount++;
        _pendingLength += frame.Footprint;
        state.Events.ValidationStarted!(new PendingValidation(frame, source), verdict);
    }

    private void Decide(GossipPeer source, MessageFrame frame, GossipVerdict verdict)
    {
        List<GossipPeer>? copies = state.Seen.TryFind(frame.Id, out SeenState seen) ? seen.Copies : null;
        SeenStatus status = verdict switch
        {
            GossipVerdict.Accept => SeenStatus.Accepted,
            GossipVerdict.Reject => SeenStatus.Rejected,
            _ => SeenStatus.Ignored,
        };
        state.Seen.Update(frame.Id, new SeenState(status, state.Now, null));

        if (verdict == GossipVerdict.Accept)
            Accept(source, frame, copies);
        else if (verdict == GossipVerdict.Reject)
            Blame(source, frame.Topic, copies);
        frame.Release();
    }

    private void Accept(GossipPeer source, MessageFrame frame, List<GossipPeer>? copies)
    {
        state.Scores.CountFirst(source.Score, frame.Topic);
        if (copies is not null)
        {
            foreach (GossipPeer peer in copies)
                state.Scores.CountCopy(peer.Score, frame.Topic, TimeSpan.Zero);
        }

        if (state.FindTopic(frame.Topic) is not { IsSubscribed: true } topic)
            return;   // left while the validator thought

        state.Cache.Add(frame);
        Forward(source, topic, frame, copies);
        state.Events.MessageReceived?.Invoke(Describe(frame, source.Id));
    }

    private void Forward(GossipPeer source, TopicState topic, MessageFrame frame, List<GossipPeer>? copies)
    {
        foreach (GossipPeer peer in topic.Mesh)
            ForwardTo(peer, source, frame, copies);
        if (!state.Options.Floodsub)
            return;

        foreach (GossipPeer peer in topic.Subscribers)
        {
            if (peer.Protocol == GossipProtocol.Floodsub && state.ScoreOf(peer) >= state.Options.Score.PublishThreshold)
                ForwardTo(peer, source, frame, copies);
        }
    }

    private static void ForwardTo(GossipPeer peer, GossipPeer source, MessageFrame frame, List<GossipPeer>? copies)
    {
        if (peer != source && peer.Id != frame.From && !peer.Unwanted.ContainsKey(frame.Id) && copies?.Contains(peer) != true)
            peer.Outbox.TryAddForwarded(frame);
    }

    private void Blame(GossipPeer source, string topic, List<GossipPeer>? copies)
    {
        state.Scores.CountInvalid(source.Score, topic);
        if (copies is null)
            return;

        foreach (GossipPeer peer in copies)
            state.Scores.CountInvalid(peer.Score, topic);
    }

    private static GossipMessage Describe(MessageFrame frame, PeerId source) => new()
    {
        Topic = frame.Topic,
        From = frame.From,
        SequenceNumber = frame.SequenceNumber,
        Data = frame.Data,
        IsSigned = frame.IsSigned,
        Source = source,
    };
}
