using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Compression;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Sync;

// SYNC FRAME v2, without the length that the stream puts before it. Spec: docs/protocols/sync.md
//    0  u8  kind (FrameKind), then the kind's payload. Golden bytes: tests/P2PDB.Engine.Tests/Sync/FrameTests.cs

/// <summary>Writes frames behind each other into a buffer of the caller's.</summary>
internal static class FrameWriter
{
    /// <summary>The protocol's version that HELLO names. Two peers speak the lower one of theirs.</summary>
    public const ushort Version = 2;

    /// <summary>The version from which on an OFFER may bring evidence of membership.</summary>
    public const ushort EvidenceVersion = 2;

    /// <summary>The flag of ENTRIES whose bytes are LZ4.</summary>
    public const byte CompressedFlag = 1;

    public static void Hello(ByteWriter target, ReadOnlySpan<byte> agent)
    {
        target.WriteByte((byte)FrameKind.Hello);
        target.WriteUInt16(Version);
        target.WriteVarint((ulong)agent.Length);
        target.Write(agent);
    }

    /// <summary>Writes an offer, with the proof of an invitation or with evidence of membership where there is some.</summary>
    public static void Offer(
        ByteWriter target, DatabaseId database, Hash256 vector, Hash256 baseVector, JoinProof? proof, ReadOnlySpan<byte> evidence = default)
    {
        Start(target, FrameKind.Offer, database);
        Write(target, vector);
        Write(target, baseVector);
        target.WriteByte((byte)(!evidence.IsEmpty ? 2 : proof is null ? 0 : 1));
        if (!evidence.IsEmpty)
        {
            target.WriteVarint((ulong)evidence.Length);
            target.Write(evidence);
        }
        else if (proof is { } given)
        {
            target.Write(given.InvitationKey.AsSpan());
            target.Write(given.Signature.Span);
        }
    }

    public static void Deny(ByteWriter target, DatabaseId database, DenyReason reason)
    {
        Start(target, FrameKind.Deny, database);
        target.WriteByte((byte)reason);
    }

    public static void Vector(ByteWriter target, DatabaseId database, Hash256 baseVector, ReadOnlySpan<ChainHead> items)
    {
        Start(target, FrameKind.Vector, database);
        Write(target, baseVector);
        target.WriteVarint((ulong)items.Length);
        foreach (ChainHead item in items)
        {
            target.Write(item.Author.Key.AsSpan());
            target.WriteVarint(item.Seq);
            Write(target, item.Head.Hash);
        }
    }

    public static void Want(ByteWriter target, DatabaseId database, ReadOnlySpan<EntryRange> ranges)
    {
        Start(target, FrameKind.Want, database);
        target.WriteVarint((ulong)ranges.Length);
        foreach (EntryRange range in ranges)
        {
            target.Write(range.Author.Key.AsSpan());
            target.WriteVarint(range.From);
            target.WriteVarint(range.To);
            Write(target, range.Head.Hash);
        }
    }

    /// <summary>Writes entries, compressed if that makes them shorter.</summary>
    public static void Entries(ByteWriter target, DatabaseId database, ReadOnlySpan<byte> entries)
    {
        Start(target, FrameKind.Entries, database);
        int flags = target.Length;
        target.WriteByte(0);
        target.WriteUInt32((uint)entries.Length);
        Span<byte> room = target.GetSpan(entries.Length);
        int compressed = Lz4Block.Compress(entries, room[..entries.Length]);
        if (compressed > 0 && compressed < entries.Length)
        {
            target.WrittenSpan[flags] = CompressedFlag;
            target.Advance(compressed);
        }
        else
        {
            target.Write(entries);
        }
    }

    public static void Done(ByteWriter target, DatabaseId database) => Start(target, FrameKind.Done, database);

    private static void Start(ByteWriter target, FrameKind kind, DatabaseId database)
    {
        target.WriteByte((byte)kind);
        Write(target, database.Hash);
    }

    private static void Write(ByteWriter target, Hash256 hash) => target.Write(hash.AsSpan());
}
