// The array of a message frame: room for what goes before the message, then the message in its one canonical form: fields 1 to 6 in
// ascending order, nothing else. What is signed is a fixed text and the fields 1 to 4, so the text is put right before them, signed or
// verified in place, and overwritten by the frame's header. Forwarding the canonical form rather than what came means that no peer can
// make us pass on bytes which another implementation judges differently.
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>One message as the frame that carries it to any peer.</summary>
internal sealed class MessageFrame : OutgoingFrame
{
    private const int HeadroomLength = 32;
    private const int SignatureFieldLength = 2 + Ed25519.SignatureLength;

    private readonly FramePool _pool;
    private Dictionary<PeerId, int>? _sentTo;
    private int _dataStart;
    private int _dataLength;
    private int _signedEnd;
    private int _bodyEnd;

    internal MessageFrame(FramePool pool) => _pool = pool;

    private static ReadOnlySpan<byte> SignedPrefix => "libp2p-pubsub:"u8;

    /// <summary>The id.</summary>
    public MessageId Id { get; private set; }

    /// <summary>The topic.</summary>
    public string Topic { get; private set; } = "";

    /// <summary>The author; null without one.</summary>
    public PeerId? From { get; private set; }

    /// <summary>The author's number; null without one.</summary>
    public ulong? SequenceNumber { get; private set; }

    /// <summary>True if the message has a signature.</summary>
    public bool IsSigned { get; private set; }

    /// <summary>The content; valid while the frame is held.</summary>
    public ReadOnlyMemory<byte> Data => Array.AsMemory(_dataStart, _dataLength);

    /// <summary>Bytes of memory it keeps: arrays are longer than what is in them, and small messages cost more than their bytes.</summary>
    public int Footprint => Array.Length + Limits.GossipFrameOverhead;

    /// <summary>Copies a message in its canonical form. <see cref="Seal"/> must follow before it is sent.</summary>
    public void Fill(in PubsubMessage message, in MessageId id, string topic, PeerId? from, ulong? sequenceNumber)
    {
        Id = id;
        Topic = topic;
        From = from;
        SequenceNumber = sequenceNumber;
        IsSigned = message.Has(5);
        int length = FieldLength(message.From) + FieldLength(message.Data) + FieldLength(message.SequenceNumber)
            + FieldLength(message.Topic) + FieldLength(message.Signature) + FieldLength(message.Key);
        Rent(HeadroomLength + length + SignatureFieldLength);
        int end = HeadroomLength;
        end = message.Has(1) ? Append(end, 1, message.From) : end;
        end = message.Has(2) ? Append(end, 2, message.Data) : end;
        _dataStart = end - message.Data.Length;
        _dataLength = message.Data.Length;
        end = message.Has(3) ? Append(end, 3, message.SequenceNumber) : end;
        _signedEnd = end = Append(end, 4, message.Topic);
        end = message.Has(5) ? Append(end, 5, message.Signature) : end;
        _bodyEnd = message.Has(6) ? Append(end, 6, message.Key) : end;
    }

    /// <summary>Appends this node's signature to a message that has neither signature nor key.</summary>
    public void Sign(SigningKey identity)
    {
        Span<byte> signature = stackalloc byte[Ed25519.SignatureLength];
        identity.Sign(SignedText(), signature);
        _bodyEnd = Append(_signedEnd, 5, signature);
        IsSigned = true;
    }

    /// <summary>True if the signature is that key's.</summary>
    public bool Verify(in PublicKey key, ReadOnlySpan<byte> signature) => Ed25519.Verify(key, SignedText(), signature);

    /// <summary>Writes the frame's header: from here on it can be sent.</summary>
    public void Seal()
    {
        Span<byte> header = stackalloc byte[HeadroomLength];
        int bodyLength = _bodyEnd - HeadroomLength;
        int rpcLength = 1 + Varint.LengthOf((ulong)bodyLength) + bodyLength;
        int length = UnsignedVarint.Write((ulong)rpcLength, header);
        header[length++] = (2 << 3) | (byte)WireType.Bytes;
        length += UnsignedVarint.Write((ulong)bodyLength, header[length..]);
        header[..length].CopyTo(Array.AsSpan(HeadroomLength - length));
        SetRange(HeadroomLength - length, _bodyEnd);
    }

    /// <summary>Counts that a peer asked for the message; the times it did.</summary>
    public int CountRequest(PeerId peer)
    {
        _sentTo ??= [];
        _sentTo.TryGetValue(peer, out int count);
        return _sentTo[peer] = count + 1;
    }

    protected override void OnReleased()
    {
        _sentTo?.Clear();
        From = null;
        if (!_pool.TryReturn(this, Array.Length))
            ReturnArray();
    }

    private static int FieldLength(ReadOnlySpan<byte> value) => 1 + Varint.LengthOf((ulong)value.Length) + value.Length;

    private ReadOnlySpan<byte> SignedText()
    {
        int start = HeadroomLength - SignedPrefix.Length;
        SignedPrefix.CopyTo(Array.AsSpan(start));
        return Array.AsSpan(start, _signedEnd - start);
    }

    private int Append(int end, int field, ReadOnlySpan<byte> value)
    {
        Array[end++] = (byte)((field << 3) | (byte)WireType.Bytes);
        end += UnsignedVarint.Write((ulong)value.Length, Array.AsSpan(end));
        value.CopyTo(Array.AsSpan(end));
        return end + value.Length;
    }
}
