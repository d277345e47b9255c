using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Collects subscriptions and control items for one peer, so that what one heartbeat has to say goes as one RPC. All control is in one
/// field: some implementations take only the last of several.
/// </summary>
internal sealed class RpcWriter
{
    private readonly ProtobufWriter _subscriptions = new();
    private readonly ProtobufWriter _control = new();
    private readonly ProtobufWriter _item = new();

    /// <summary>True if nothing was added since the last frame.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Bytes of the RPC so far, without a few of its frame.</summary>
    public int Length => _subscriptions.Written.Length + _control.Written.Length;

    /// <summary>Adds the beginning or end of a subscription.</summary>
    public void AddSubscription(ReadOnlySpan<byte> topic, bool isSubscribed)
    {
        _item.Clear();
        _item.WriteVarint(1, isSubscribed ? 1u : 0u);
        _item.WriteBytes(2, topic);
        _subscriptions.WriteBytes(1, _item.Written);
    }

    /// <summary>Adds an IHAVE of the messages from an index on.</summary>
    public void AddIHave(ReadOnlySpan<byte> topic, ReadOnlySpan<MessageFrame> messages)
    {
        _item.Clear();
        _item.WriteBytes(1, topic);
        foreach (MessageFrame message in messages)
            _item.WriteBytes(2, message.Id.Span);
        _control.WriteBytes(1, _item.Written);
    }

    /// <summary>Adds an IWANT.</summary>
    public void AddIWant(ReadOnlySpan<MessageId> ids)
    {
        _item.Clear();
        foreach (ref readonly MessageId id in ids)
            _item.WriteBytes(1, id.Span);
        _control.WriteBytes(2, _item.Written);
    }

    /// <summary>Adds a GRAFT.</summary>
    public void AddGraft(ReadOnlySpan<byte> topic)
    {
        _item.Clear();
        _item.WriteBytes(1, topic);
        _control.WriteBytes(3, _item.Written);
    }

    /// <summary>Adds a PRUNE.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="backoff">How long the peer must not graft; null leaves it out, as version 1.0 has it not.</param>
    /// <param name="peers">Other peers of the topic.</param>
    public void AddPrune(ReadOnlySpan<byte> topic, TimeSpan? backoff, IReadOnlyList<ExchangedPeer> peers)
    {
        _item.Clear();
        _item.WriteBytes(1, topic);
        foreach (ExchangedPeer peer in peers)
        {
            var entry = new ProtobufWriter();
            entry.WriteBytes(1, peer.Peer.Bytes);
            if (!peer.SignedRecord.IsEmpty)
                entry.WriteBytes(2, peer.SignedRecord.Span);
            _item.WriteBytes(2, entry.Written);
        }

        if (backoff is { } pause)
            _item.WriteVarint(3, (ulong)Math.Ceiling(pause.TotalSeconds));
        _control.WriteBytes(4, _item.Written);
    }

    /// <summary>Adds an IDONTWANT.</summary>
    public void AddIDontWant(in MessageId id)
    {
        _item.Clear();
        _item.WriteBytes(1, id.Span);
        _control.WriteBytes(5, _item.Written);
    }

    /// <summary>The frame of all that was added, and starts anew. The caller owns it.</summary>
    public OutgoingFrame TakeFrame()
    {
        OutgoingFrame frame = OutgoingFrame.FromRpc(_subscriptions.Written, _control.Written);
        _subscriptions.Clear();
        _control.Clear();
        return frame;
    }
}
