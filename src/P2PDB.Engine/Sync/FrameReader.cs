using System.Diagnostics.CodeAnalysis;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Compression;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>
/// Reads one frame of a peer. Every step is false on bytes that the protocol does not allow, bytes too many included; the
/// frame is then of no use and its sender is cut off. Borrows the frame.
/// </summary>
internal ref struct FrameReader(ReadOnlySpan<byte> frame)
{
    private ByteReader _rest = new(frame);

    /// <summary>Takes the kind and, except for HELLO, the database that the frame is about.</summary>
    public bool TryReadStart(out FrameKind kind, out DatabaseId database)
    {
        database = default;
        kind = default;
        if (!_rest.TryReadByte(out byte first) || first is < (byte)FrameKind.Hello or > (byte)FrameKind.Done)
            return false;

        kind = (FrameKind)first;
        if (kind == FrameKind.Hello)
            return true;

        bool read = TryReadHash(out Hash256 hash);
        database = new DatabaseId(hash);
        return read;
    }

    public bool TryReadHello(out ushort version, out ReadOnlySpan<byte> agent)
    {
        agent = default;
        return _rest.TryReadUInt16(out version)
            && _rest.TryReadVarint(SyncLimits.AgentLengthMax, out int length)
            && _rest.TryReadBytes(length, out agent)
            && _rest.IsAtEnd;
    }

    public bool TryReadOffer(out Hash256 vector, out Hash256 baseVector, out JoinProof? proof, out ReadOnlySpan<byte> evidence)
    {
        baseVector = default;
        proof = null;
        evidence = default;
        if (!TryReadHash(out vector) || !TryReadHash(out baseVector) || !_rest.TryReadByte(out byte kind))
            return false;

        if (kind == 1)
        {
            if (!_rest.TryReadBytes(PublicKey.Length, out ReadOnlySpan<byte> key)
                || !_rest.TryReadBytes(Ed25519.SignatureLength, out ReadOnlySpan<byte> signature))
            {
                return false;
            }

            proof = new JoinProof(new PublicKey(key), signature.ToArray());
        }

        if (kind == 2 && (!_rest.TryReadVarint(SyncLimits.EvidenceLengthMax, out int length) || length == 0
            || !_rest.TryReadBytes(length, out evidence)))
        {
            return false;
        }

        return kind <= 2 && _rest.IsAtEnd;
    }

    public bool TryReadDeny(out DenyReason reason)
    {
        bool read = _rest.TryReadByte(out byte value) && value is >= 1 and <= 3 && _rest.IsAtEnd;
        reason = (DenyReason)value;
        return read;
    }

    public bool TryReadVector(out Hash256 baseVector, [NotNullWhen(true)] out ChainHead[]? items)
    {
        items = null;
        if (!TryReadHash(out baseVector) || !TryReadCount(minimumLength: 65, out int count))
            return false;

        var read = new ChainHead[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadHash(out Hash256 author) || !_rest.TryReadVarint(out ulong seq) || !TryReadHash(out Hash256 head))
                return false;
            read[i] = new ChainHead(AuthorKey.Read(author.AsSpan()), seq, new EntryId(head));
        }

        items = read;
        return _rest.IsAtEnd;
    }

    public bool TryReadWant([NotNullWhen(true)] out EntryRange[]? ranges)
    {
        ranges = null;
        if (!TryReadCount(minimumLength: 66, out int count))
            return false;

        var read = new EntryRange[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadHash(out Hash256 author)
                || !_rest.TryReadVarint(out ulong from)
                || !_rest.TryReadVarint(out ulong to)
                || !TryReadHash(out Hash256 head)
                || from > to)
            {
                return false;
            }

            read[i] = new EntryRange(AuthorKey.Read(author.AsSpan()), from, to, new EntryId(head));
        }

        ranges = read;
        return _rest.IsAtEnd;
    }

    /// <summary>Takes the entries, decompressed into a buffer that the caller then owns.</summary>
    public bool TryReadEntries([NotNullWhen(true)] out RentedBuffer? entries)
    {
        entries = null;
        if (!_rest.TryReadByte(out byte flags) || flags > FrameWriter.CompressedFlag
            || !_rest.TryReadUInt32(out uint rawLength) || rawLength > SyncLimits.FrameLengthMax)
        {
            return false;
        }

        ReadOnlySpan<byte> stored = _rest.Rest;
        if (flags == 0 ? stored.Length != rawLength : (stored.Length >= rawLength || rawLength > 255L * stored.Length))
            return false;

        RentedBuffer raw = RentedBuffer.Rent((int)rawLength);
        if (flags == 0)
        {
            stored.CopyTo(raw.Span);
        }
        else if (!Lz4Block.TryDecompress(stored, raw.Span))
        {
            raw.Dispose();
            return false;
        }

        entries = raw;
        return true;
    }

    public readonly bool TryReadDone() => _rest.IsAtEnd;

    // A count is believed only as far as the bytes for it are there: memory stays a small multiple of the frame.
    private bool TryReadCount(int minimumLength, out int count) =>
        _rest.TryReadVarint(SyncLimits.ItemCountMax, out count) && (long)count * minimumLength <= _rest.Remaining;

    private bool TryReadHash(out Hash256 hash)
    {
        bool read = _rest.TryReadBytes(Hash256.Length, out ReadOnlySpan<byte> bytes);
        hash = read ? new Hash256(bytes) : default;
        return read;
    }
}
