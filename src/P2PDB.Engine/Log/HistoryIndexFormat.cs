using System.Buffers.Binary;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

// HISTORY INDEX v2, little-endian: what the log keeps in memory of the entries of one history file. Spec: docs/formats/history-index.md.
// Golden bytes: tests/P2PDB.Engine.Tests/Log/golden/.
// Header, 64 bytes:
//    0  u32  magic "P2X1"       4  u16  version (2)     6  u16  0
//    8  32   database id       40  u64  number of the history file      48  u32  CRC32C of that file's index
//   52  u32  run count         56  u32  head count                      60  u32  0
// Heads, 32 bytes each, ascending: the log's heads once it has the file.
// Runs: the file's entries of one chain each, ascending by this node's numbers of the chains:
//    0  32   author            32  32   first entry of the chain        64  32  entry before the run, zero at seq 0
//   96  u64  seq of the run's first entry              104  u32  its index in the chain
//  108  u32  entry count      112  u32  change count   116  u32  0
//  120  32 each: peaks of the Merkle mountain range over the chain up to the run's end, as many as bits are set in its length
//       u32 each: index in the run of an entry whose causal past has other access operations than the one before it, ascending
//       entries, 56 each, and after every 64 of them and after the last a u32: CRC32C of those since the one before
// Entry:
//    0  32   id                32  u64  time            40  u32  block   44  u32  offset   48  u32  length
//   52  u16  flags             54  u8   standing        55  u8   1: its own signature was verified
// Trailer: u32 CRC32C of all before.

/// <summary>Offsets, lengths and fields of the index of a history file.</summary>
internal static class HistoryIndexFormat
{
    /// <summary>"P2X1".</summary>
    public const uint Magic = 0x3158_3250;

    /// <summary>
    /// The one version this node writes and reads. It changes with what an entry's standing is derived from, too.
    /// </summary>
    public const ushort Version = 2;

    public const int HeaderLength = 64;
    public const int RunLength = 120;
    public const int ChangeLength = sizeof(uint);
    public const int EntryLength = 56;

    /// <summary>Entries with a checksum of their own: as many as are read at once later.</summary>
    public const int GroupCount = 64;

    public const int CheckLength = sizeof(uint);
    public const int TrailerLength = sizeof(uint);
    public const int RunCountOffset = 52;
    public const int HeadCountOffset = 56;

    /// <summary>Writes the header.</summary>
    public static void WriteHeader(
        in DatabaseId database, ulong number, uint historyCheck, int runCount, int headCount, Span<byte> target)
    {
        target[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], Version);
        database.CopyTo(target[8..]);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(target[48..], historyCheck);
        BinaryPrimitives.WriteInt32LittleEndian(target[RunCountOffset..], runCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[HeadCountOffset..], headCount);
    }

    /// <summary>Whether the bytes begin with a header of that database's history file, whatever its counts.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> source, in DatabaseId database, ulong number, uint historyCheck)
    {
        if (source.Length < HeaderLength)
            return false;
        Span<byte> expected = stackalloc byte[HeaderLength];
        WriteHeader(
            database, number, historyCheck, BinaryPrimitives.ReadInt32LittleEndian(source[RunCountOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[HeadCountOffset..]), expected);
        return source[..HeaderLength].SequenceEqual(expected);
    }

    /// <summary>Writes the fields of a run.</summary>
    public static void WriteRun(in HistoryRun run, Span<byte> target)
    {
        run.Author.CopyTo(target);
        run.First.CopyTo(target[32..]);
        run.Previous.CopyTo(target[64..]);
        BinaryPrimitives.WriteUInt64LittleEndian(target[96..], run.Seq);
        BinaryPrimitives.WriteInt32LittleEndian(target[104..], run.Index);
        BinaryPrimitives.WriteInt32LittleEndian(target[108..], run.EntryCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[112..], run.ChangeCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[116..], 0);
    }

    /// <summary>Reads the fields of a run; false where they cannot be together.</summary>
    public static bool TryReadRun(ReadOnlySpan<byte> source, out HistoryRun run)
    {
        run = new HistoryRun(
            AuthorKey.Read(source), EntryId.Read(source[32..]), EntryId.Read(source[64..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[96..]), BinaryPrimitives.ReadInt32LittleEndian(source[104..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[108..]), BinaryPrimitives.ReadInt32LittleEndian(source[112..]));
        return run.EntryCount > 0 && run.Index >= 0 && run.Index <= int.MaxValue - run.EntryCount
            && run.ChangeCount >= 0 && run.ChangeCount <= run.EntryCount
            && run.Seq >= (ulong)run.Index && run.Seq <= long.MaxValue && (run.Seq == 0) == run.Previous.IsZero
            && BinaryPrimitives.ReadInt32LittleEndian(source[116..]) == 0;
    }

    /// <summary>Bytes of a group of entries.</summary>
    public static int GroupLength(int count) => (count * EntryLength) + CheckLength;

    /// <summary>Bytes of all entries of a run.</summary>
    public static long EntriesLength(int count) => OffsetOf(count) + (count % GroupCount == 0 ? 0 : CheckLength);

    /// <summary>Where an entry lies among those of its run.</summary>
    public static long OffsetOf(int index) => ((long)(index / GroupCount) * GroupLength(GroupCount)) + (index % GroupCount * EntryLength);

    /// <summary>Ends a group with its checksum.</summary>
    public static void WriteGroupCheck(Span<byte> group) =>
        BinaryPrimitives.WriteUInt32LittleEndian(group[^CheckLength..], Crc32C.Compute(group[..^CheckLength]));

    /// <summary>Writes one entry.</summary>
    public static void WriteEntry(in ChainEntry entry, Span<byte> target)
    {
        entry.Id.CopyTo(target);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], entry.Hlc.Value);
        BinaryPrimitives.WriteInt32LittleEndian(target[40..], entry.Place.Block);
        BinaryPrimitives.WriteInt32LittleEndian(target[44..], entry.Place.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(target[48..], entry.Place.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(target[52..], (ushort)entry.Flags);
        target[54] = (byte)entry.Standing;
        target[55] = entry.IsSignatureVerified ? (byte)1 : (byte)0;
    }

    /// <summary>Reads one entry of history file <paramref name="file"/>; false where its fields have no meaning.</summary>
    public static bool TryReadEntry(ReadOnlySpan<byte> source, int file, out ChainEntry entry)
    {
        entry = new ChainEntry
        {
            Id = EntryId.Read(source),
            Hlc = new HlcTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(source[32..])),
            Place = new EntryPlace(
                file, BinaryPrimitives.ReadInt32LittleEndian(source[40..]), BinaryPrimitives.ReadInt32LittleEndian(source[44..]),
                BinaryPrimitives.ReadInt32LittleEndian(source[48..])),
            Flags = (EntryFlags)BinaryPrimitives.ReadUInt16LittleEndian(source[52..]),
            Standing = (EntryStanding)source[54],
            IsSignatureVerified = source[55] == 1,
        };
        return entry.Place is { Block: >= 0, Offset: >= 0, Length: >= EntryFormat.FixedHeaderLength and <= EntryFormat.EntryLengthMax + 8 }
            && (entry.Flags & ~EntryFlags.All) == 0
            && entry.Standing is EntryStanding.Effective or EntryStanding.NotAdmitted or EntryStanding.Void && source[55] <= 1;
    }

    /// <summary>Whether the bytes, an index or a group, end in the checksum of all before.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> source) =>
        source.Length >= TrailerLength
        && BinaryPrimitives.ReadUInt32LittleEndian(source[^TrailerLength..]) == Crc32C.Compute(source[..^TrailerLength]);
}
