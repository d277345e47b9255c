using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: an entry. Every byte of an accepted one comes from a field: written again from its fields it is the same. Its body, if it
/// decompresses, has the length that the header says.
/// </summary>
internal sealed class EntryTarget : IFuzzTarget, IDisposable
{
    private const int RawLengthMax = 64 * 1024;
    private readonly byte[] _raw = new byte[RawLengthMax];
    private readonly ByteWriter _again = new(RawLengthMax);
    private readonly SigningKey _key = SigningKey.FromSeed(new byte[32]);

    public string Name => "entry";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/EntryReader.cs", "P2PDB.Engine/Log/EntryVerifier.cs"];

    public int InputLengthMax => 8192;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Build(EntryFlags.Merge, null, new ChainTip());
            yield return Build(EntryFlags.None, changes => changes.Write(OpKind.Admit, AccessFormat.Admit(default)), new ChainTip());
            yield return Build(EntryFlags.Part, changes => changes.Write(OpKind.Chunk, new byte[30]), new ChainTip());
            yield return Build(EntryFlags.Part | EntryFlags.LastPart, changes => changes.Write(OpKind.Chunk, new byte[3]), LaterTip());
            yield return Build(EntryFlags.None, changes => changes.Write(OpKind.CreateTable, new byte[600]), LaterTip());
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        length &= ~(EntryFormat.Alignment - 1);
        if (length < EntryFormat.FixedHeaderLength + EntryFormat.SignatureLength)
            return length;

        Span<byte> entry = buffer[..length];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, EntryFormat.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[EntryFormat.VersionOffset..], EntryFormat.Version);
        int stated = BinaryPrimitives.ReadInt32LittleEndian(entry[EntryFormat.TotalLengthOffset..]);
        int total = stated > length - EntryFormat.Alignment && stated <= length ? stated : length;
        BinaryPrimitives.WriteInt32LittleEndian(entry[EntryFormat.TotalLengthOffset..], total);
        entry[total..].Clear();

        int parentCount = BinaryPrimitives.ReadUInt16LittleEndian(entry[EntryFormat.ParentCountOffset..]);
        int headerLength = EntryFormat.FixedHeaderLength + (parentCount * EntryFormat.HashLength);
        int bodyOffset = headerLength + EntryFormat.SignatureLength;
        if (bodyOffset > total)
            return length;

        var flags = (EntryFlags)BinaryPrimitives.ReadUInt16LittleEndian(entry[EntryFormat.FlagsOffset..]);
        if ((flags & EntryFlags.Compressed) == 0)
            BinaryPrimitives.WriteInt32LittleEndian(entry[EntryFormat.RawBodyLengthOffset..], total - bodyOffset);
        Blake3.Hash(entry[bodyOffset..total]).CopyTo(entry[EntryFormat.BodyRootOffset..]);
        var id = new EntryId(Blake3.Hash(entry[..headerLength]));
        if (IsSignatureLookedAt(id))
            Sign(id, entry.Slice(headerLength, EntryFormat.SignatureLength));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        EntryStatus status = EntryReader.TryRead(input, out EntryReader entry);
        probe.Reached((int)status);
        if (status != EntryStatus.Valid)
            return false;

        EntryId id = entry.ComputeId();
        probe.Reached(32 + (int)EntryVerifier.VerifyBody(entry));
        probe.Reached(64 + (int)EntryVerifier.VerifyLink(entry, new ChainTip()));
        if (IsSignatureLookedAt(id))
            probe.Reached(96 + (int)EntryVerifier.VerifySignature(entry, id));
        probe.Reached(128 + (int)entry.Flags + (entry.IsGenesis ? 16 : 0));
        probe.EndDecoding();

        WriteAgain(entry);
        FuzzLaw.RequireSame(entry.Bytes, _again.Written, "an entry is its fields");
        FuzzLaw.RequireSame(entry.Bytes, input[..entry.Bytes.Length], "an entry is the start of its input");
        if (entry.RawBodyLength <= RawLengthMax)
            probe.Reached(entry.TryDecompressBody(_raw.AsSpan(0, entry.RawBodyLength)) ? 200 : 201);
        return true;
    }

    public void Dispose()
    {
        _again.Dispose();
        _key.Dispose();
    }

    // Signing and verifying take a hundred times the rest: one entry in eight is enough.
    private static bool IsSignatureLookedAt(in EntryId id) => id.Hash.AsSpan()[0] % 8 == 0;

    private void Sign(in EntryId id, Span<byte> signature)
    {
        Span<byte> message = stackalloc byte[EntryFormat.SignedLength];
        EntryFormat.WriteSigned(id, message);
        _key.Sign(message, signature);
    }

    private void WriteAgain(in EntryReader entry)
    {
        int headerLength = EntryFormat.FixedHeaderLength + (entry.ParentCount * EntryFormat.HashLength);
        int totalLength = headerLength + EntryFormat.SignatureLength + entry.StoredBody.Length;
        _again.Clear();
        _again.WriteUInt32(EntryFormat.Magic);
        _again.WriteUInt16(EntryFormat.Version);
        _again.WriteUInt16((ushort)entry.Flags);
        _again.WriteUInt32((uint)totalLength);
        _again.WriteUInt32((uint)entry.RawBodyLength);
        _again.WriteUInt64(entry.Seq);
        _again.WriteUInt64(entry.Hlc.Value);
        _again.WriteUInt32(entry.OpCount);
        _again.WriteUInt16((ushort)entry.ParentCount);
        _again.WriteUInt16((ushort)entry.TableCount);
        _again.Write(entry.Database.Hash.AsSpan());
        _again.Write(entry.Author.Key.AsSpan());
        _again.Write(entry.Previous.Hash.AsSpan());
        _again.Write(entry.BodyRoot.AsSpan());
        _again.Write(entry.HistoryRoot.AsSpan());
        for (int i = 0; i < entry.ParentCount; i++)
            _again.Write(entry.ParentAt(i).Hash.AsSpan());
        FuzzLaw.RequireSame(entry.Header, _again.Written, "the header is what the id is the hash of");
        _again.Write(entry.Signature);
        _again.Write(entry.StoredBody);
        _again.WriteZeros(EntryFormat.Padded(totalLength) - totalLength);
    }

    private static ChainTip LaterTip()
    {
        var tip = new ChainTip();
        tip.Advance(new EntryId(Blake3.Hash("earlier"u8)), new HlcTimestamp(1));
        return tip;
    }

    private byte[] Build(EntryFlags flags, Action<ChangeSet>? write, ChainTip tip)
    {
        using var changes = new ChangeSet();
        using var body = new BodyBuilder();
        using var builder = new EntryBuilder();
        using var target = new ByteWriter();
        if (write is not null)
        {
            write(changes);
            body.Add(changes);
        }

        EntryId[] parents = [new(new Hash256(new byte[32])), new(Blake3.Hash("parent"u8))];
        builder.Build(target, new DatabaseId(Blake3.Hash("d"u8)), _key, tip, new HlcTimestamp(7), parents, flags,
            write is null ? null : body);
        return target.Written.ToArray();
    }
}
