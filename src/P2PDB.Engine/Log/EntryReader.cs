using System.Buffers.Binary;
using P2PDB.Primitives.Compression;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// The fields of one entry, read where it lies. Borrows the bytes: valid as long as they are. Only <see cref="TryRead"/> makes
/// one that may be asked, and then every field is within its limits; hashes and signature are for <see cref="EntryVerifier"/>.
/// </summary>
internal readonly ref struct EntryReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    private EntryReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The whole entry with its padding.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The bytes that the id is the hash of.</summary>
    public ReadOnlySpan<byte> Header => _bytes[..HeaderLength];

    /// <summary>What kind of entry this is.</summary>
    public EntryFlags Flags => (EntryFlags)UInt16(EntryFormat.FlagsOffset);

    /// <summary>Bytes of the body once decompressed.</summary>
    public int RawBodyLength => (int)UInt32(EntryFormat.RawBodyLengthOffset);

    /// <summary>0-based position in the author's chain.</summary>
    public ulong Seq => UInt64(EntryFormat.SeqOffset);

    /// <summary>The author's hybrid time.</summary>
    public HlcTimestamp Hlc => new(UInt64(EntryFormat.HlcOffset));

    /// <summary>Operations in the body.</summary>
    public uint OpCount => UInt32(EntryFormat.OpCountOffset);

    /// <summary>Heads that were new to the author.</summary>
    public int ParentCount => UInt16(EntryFormat.ParentCountOffset);

    /// <summary>Tables in the body's directory.</summary>
    public int TableCount => UInt16(EntryFormat.TableCountOffset);

    /// <summary>The database, zero in a genesis entry.</summary>
    public DatabaseId Database => DatabaseId.Read(_bytes[EntryFormat.DatabaseOffset..]);

    /// <summary>Who wrote it.</summary>
    public AuthorKey Author => AuthorKey.Read(_bytes[EntryFormat.AuthorOffset..]);

    /// <summary>The author's previous entry, zero at seq 0.</summary>
    public EntryId Previous => EntryId.Read(_bytes[EntryFormat.PreviousOffset..]);

    /// <summary>The hash that the stored body must have.</summary>
    public Hash256 BodyRoot => new(_bytes.Slice(EntryFormat.BodyRootOffset, EntryFormat.HashLength));

    /// <summary>Root of the Merkle mountain range over the ids of the author's earlier entries.</summary>
    public Hash256 HistoryRoot => new(_bytes.Slice(EntryFormat.HistoryRootOffset, EntryFormat.HashLength));

    /// <summary>True for the first entry of a database.</summary>
    public bool IsGenesis => Seq == 0 && Database.IsZero;

    /// <summary>The author's signature of the id.</summary>
    public ReadOnlySpan<byte> Signature => _bytes.Slice(SignatureOffset, EntryFormat.SignatureLength);

    /// <summary>Where in <see cref="Bytes"/> the signature lies.</summary>
    public int SignatureOffset => HeaderLength;

    /// <summary>False in the journal alone, for what its writer signed while the disk wrote it.</summary>
    public bool IsSigned => Signature.ContainsAnyExcept((byte)0);

    /// <summary>The body as stored.</summary>
    public ReadOnlySpan<byte> StoredBody =>
        _bytes[(HeaderLength + EntryFormat.SignatureLength)..(int)UInt32(EntryFormat.TotalLengthOffset)];

    private int HeaderLength => EntryFormat.FixedHeaderLength + (ParentCount * EntryFormat.HashLength);

    /// <summary>
    /// Reads the entry at the start of <paramref name="source"/> and checks everything a header alone can break.
    /// </summary>
    public static EntryStatus TryRead(ReadOnlySpan<byte> source, out EntryReader entry)
    {
        entry = default;
        if (source.Length < EntryFormat.FixedHeaderLength + EntryFormat.SignatureLength)
            return StatusOfShort(source);
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != EntryFormat.Magic)
            return EntryStatus.MagicWrong;
        if (BinaryPrimitives.ReadUInt16LittleEndian(source[EntryFormat.VersionOffset..]) != EntryFormat.Version)
            return EntryStatus.VersionUnknown;

        uint totalLength = BinaryPrimitives.ReadUInt32LittleEndian(source[EntryFormat.TotalLengthOffset..]);
        if (totalLength > EntryFormat.EntryLengthMax)
            return EntryStatus.TooLong;
        int parentCount = BinaryPrimitives.ReadUInt16LittleEndian(source[EntryFormat.ParentCountOffset..]);
        if (parentCount > EntryFormat.ParentCountMax)
            return EntryStatus.HeaderMalformed;
        int bodyOffset = EntryFormat.FixedHeaderLength + (parentCount * EntryFormat.HashLength) + EntryFormat.SignatureLength;
        if (totalLength < bodyOffset)
            return EntryStatus.HeaderMalformed;
        int paddedLength = EntryFormat.Padded((int)totalLength);
        if (source.Length < paddedLength)
            return EntryStatus.Incomplete;
        if (source[(int)totalLength..paddedLength].ContainsAnyExcept((byte)0))
            return EntryStatus.HeaderMalformed;

        var read = new EntryReader(source[..paddedLength]);
        if (!read.FieldsAgree((int)totalLength - bodyOffset))
            return EntryStatus.HeaderMalformed;
        entry = read;
        return EntryStatus.Valid;
    }

    /// <summary>The parent at <paramref name="index"/>.</summary>
    public EntryId ParentAt(int index) =>
        EntryId.Read(_bytes[(EntryFormat.FixedHeaderLength + (index * EntryFormat.HashLength))..]);

    /// <summary>Hashes the header: the entry's id.</summary>
    public EntryId ComputeId() => new(Blake3.Hash(Header));

    /// <summary>
    /// Writes the raw body to <paramref name="target"/>, which has <see cref="RawBodyLength"/> bytes; false when the stored
    /// body does not decompress to exactly that.
    /// </summary>
    public bool TryDecompressBody(Span<byte> target)
    {
        if ((Flags & EntryFlags.Compressed) != 0)
            return Lz4Block.TryDecompress(StoredBody, target);
        StoredBody.CopyTo(target);
        return true;
    }

    private static EntryStatus StatusOfShort(ReadOnlySpan<byte> source)
    {
        if (source.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(source) != EntryFormat.Magic)
            return EntryStatus.MagicWrong;
        bool versionKnown = source.Length < EntryFormat.FlagsOffset
            || BinaryPrimitives.ReadUInt16LittleEndian(source[EntryFormat.VersionOffset..]) == EntryFormat.Version;
        return versionKnown ? EntryStatus.Incomplete : EntryStatus.VersionUnknown;
    }

    private bool FieldsAgree(int storedLength)
    {
        EntryFlags flags = Flags;
        bool compressed = (flags & EntryFlags.Compressed) != 0;
        bool merge = (flags & EntryFlags.Merge) != 0;
        if ((flags & ~EntryFlags.All) != 0
            || ((flags & EntryFlags.LastPart) != 0 && (flags & EntryFlags.Part) == 0)
            || UInt32(EntryFormat.RawBodyLengthOffset) > EntryFormat.RawBodyLengthMax
            || TableCount > EntryFormat.TableCountMax)
        {
            return false;
        }

        // One encoding of one body: LZ4 only where it is shorter, and an empty body only in a merge entry.
        if (compressed ? storedLength >= RawBodyLength || storedLength == 0 : storedLength != RawBodyLength)
            return false;
        if (merge
            ? flags != EntryFlags.Merge || RawBodyLength != 0 || OpCount != 0 || TableCount != 0
            : RawBodyLength == 0 || OpCount == 0)
        {
            return false;
        }

        if (Hlc.Value == 0 || Author.IsZero || (Seq == 0) != Previous.IsZero || (Seq == 0) != HistoryRoot.IsZero)
            return false;
        if (Database.IsZero && (Seq != 0 || ParentCount != 0 || merge || (flags & EntryFlags.Part) != 0))
            return false;
        return ParentsAscend();
    }

    private bool ParentsAscend()
    {
        for (int i = 1; i < ParentCount; i++)
        {
            if (ParentAt(i - 1).CompareTo(ParentAt(i)) >= 0)
                return false;
        }

        return true;
    }

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..]);

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

    private ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]);
}
