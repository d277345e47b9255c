using System.Buffers.Binary;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Compression;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// Writes signed entries of one chain, one after the other. The bytes it writes are the bytes on disk, on the wire and in a
/// proof. Reusable; one thread at a time.
/// </summary>
internal sealed class EntryBuilder : IDisposable
{
    /// <summary>Bodies shorter than this stay as they are: a block of LZ4 saves too little there to pay for its reading.</summary>
    public const int CompressedLengthMin = 1024;

    private readonly ByteWriter _raw = new(4096);

    /// <summary>
    /// Appends to <paramref name="target"/> the entry that follows <paramref name="tip"/>, and advances the tip.
    /// </summary>
    /// <inheritdoc cref="BuildUnsigned"/>
    public EntryId Build(
        ByteWriter target, in DatabaseId database, SigningKey key, ChainTip tip, HlcTimestamp hlc,
        ReadOnlySpan<EntryId> parents, EntryFlags flags, BodyBuilder? body)
    {
        EntryId id = BuildUnsigned(target, database, key, tip, hlc, parents, flags, body, out int signatureOffset);
        Sign(key, id, target.WrittenSpan.Slice(signatureOffset, EntryFormat.SignatureLength));
        return id;
    }

    /// <summary>
    /// Appends to <paramref name="target"/> the entry that follows <paramref name="tip"/>, with zeros where its signature goes, and
    /// advances the tip: the id does not depend on the signature.
    /// </summary>
    /// <param name="target">Must stand on a multiple of 8 bytes.</param>
    /// <param name="database">Zero in the genesis entry alone.</param>
    /// <param name="key">The author's key.</param>
    /// <param name="tip">The end of the author's chain.</param>
    /// <param name="hlc">Later than the tip and all parents.</param>
    /// <param name="parents">At most 64, ascending.</param>
    /// <param name="flags">Part, last part, merge or none; compression is decided here.</param>
    /// <param name="body">The operations; null in a merge entry.</param>
    /// <param name="signatureOffset">Where in <paramref name="target"/> the signature goes.</param>
    /// <returns>The entry's id.</returns>
    public EntryId BuildUnsigned(
        ByteWriter target, in DatabaseId database, SigningKey key, ChainTip tip, HlcTimestamp hlc,
        ReadOnlySpan<EntryId> parents, EntryFlags flags, BodyBuilder? body, out int signatureOffset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parents.Length, EntryFormat.ParentCountMax);
        int start = target.Length;
        int headerLength = EntryFormat.FixedHeaderLength + (parents.Length * EntryFormat.HashLength);
        target.WriteZeros(headerLength + EntryFormat.SignatureLength);
        int rawLength = 0;
        if (body is not null)
            flags |= WriteBody(target, body, out rawLength);
        int totalLength = target.Length - start;
        target.WriteZeros(EntryFormat.Padded(totalLength) - totalLength);

        Span<byte> entry = target.WrittenSpan.Slice(start, totalLength);
        BinaryPrimitives.WriteUInt32LittleEndian(entry, EntryFormat.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[EntryFormat.VersionOffset..], EntryFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[EntryFormat.FlagsOffset..], (ushort)flags);
        BinaryPrimitives.WriteInt32LittleEndian(entry[EntryFormat.TotalLengthOffset..], totalLength);
        BinaryPrimitives.WriteInt32LittleEndian(entry[EntryFormat.RawBodyLengthOffset..], rawLength);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[EntryFormat.SeqOffset..], tip.NextSeq);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[EntryFormat.HlcOffset..], hlc.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[EntryFormat.OpCountOffset..], body?.OpCount ?? 0);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[EntryFormat.ParentCountOffset..], (ushort)parents.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[EntryFormat.TableCountOffset..], (ushort)(body?.TableCount ?? 0));
        database.CopyTo(entry[EntryFormat.DatabaseOffset..]);
        key.PublicKey.CopyTo(entry[EntryFormat.AuthorOffset..]);
        tip.Last.CopyTo(entry[EntryFormat.PreviousOffset..]);
        Blake3.Hash(entry[(headerLength + EntryFormat.SignatureLength)..]).CopyTo(entry[EntryFormat.BodyRootOffset..]);
        tip.HistoryRoot.CopyTo(entry[EntryFormat.HistoryRootOffset..]);
        for (int i = 0; i < parents.Length; i++)
            parents[i].CopyTo(entry[(EntryFormat.FixedHeaderLength + (i * EntryFormat.HashLength))..]);

        var id = new EntryId(Blake3.Hash(entry[..headerLength]));
        signatureOffset = start + headerLength;
        tip.Advance(id, hlc);
        return id;
    }

    /// <summary>Writes the author's signature of an entry.</summary>
    public static void Sign(SigningKey key, in EntryId id, Span<byte> signature)
    {
        Span<byte> message = stackalloc byte[EntryFormat.SignedLength];
        EntryFormat.WriteSigned(id, message);
        key.Sign(message, signature);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _raw.Dispose();

    private EntryFlags WriteBody(ByteWriter target, BodyBuilder body, out int rawLength)
    {
        rawLength = body.Length;
        if (rawLength < CompressedLengthMin)
        {
            body.WriteTo(target);
            return EntryFlags.None;
        }

        _raw.Clear();
        body.WriteTo(_raw);
        // An eighth saved is the least that pays for the reader's work.
        int packedLengthMax = rawLength - (rawLength / 8);
        Span<byte> packed = target.GetSpan(packedLengthMax)[..packedLengthMax];
        int packedLength = Lz4Block.Compress(_raw.Written, packed);
        if (packedLength > 0)
        {
            target.Advance(packedLength);
            return EntryFlags.Compressed;
        }

        target.Write(_raw.Written);
        return EntryFlags.None;
    }
}
