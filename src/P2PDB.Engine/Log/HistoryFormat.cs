using System.Buffers.Binary;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// HISTORY FILE v1, little-endian, immutable. Golden bytes: Log/golden/ of the tests. Spec: docs/formats/history.md
// Header, 64 bytes:
//    0  u32  magic "P2H1"       4  u16  version (1)     6  u16  0
//    8  32   database id       40  u64  number of the file      48  zeros      60  u32  CRC32C of bytes 0..60
// Blocks: entries back to back, by (author, seq, id); each block is one LZ4 block, or raw where that is not shorter.
// Index: one record of 64 bytes for each block:
//    0  u64  offset             8  u32  stored length  12  u32  raw length (equal lengths: stored raw)
//   16  u32  CRC32C of the stored bytes                20  u32  entry count
//   24  u64  seq of the first entry                    32  32   author of the first entry
// Trailer, 32 bytes, the end of the file:
//    0  u64  offset of the index                        8  u64  entry count
//   16  u32  block count       20  u32  CRC32C of the index    24  u32  magic "P2HE"   28  u32  CRC32C of bytes 0..28

/// <summary>Offsets, lengths and checksums of history files.</summary>
internal static class HistoryFormat
{
    /// <summary>"P2H1".</summary>
    public const uint Magic = 0x3148_3250;

    /// <summary>"P2HE".</summary>
    public const uint TrailerMagic = 0x4548_3250;

    /// <summary>The one version this node writes and reads.</summary>
    public const ushort Version = 1;

    public const int HeaderLength = 64;
    public const int IndexRecordLength = 64;
    public const int TrailerLength = 32;

    /// <summary>Raw bytes gathered before a block ends; one entry alone may be longer.</summary>
    public const int BlockLengthMin = 64 * 1024;

    /// <summary>Longest raw block: what was gathered, and one longest entry.</summary>
    public const int BlockLengthMax = BlockLengthMin + EntryFormat.EntryLengthMax;

    /// <summary>Writes the header.</summary>
    public static void WriteHeader(in DatabaseId database, ulong number, Span<byte> target)
    {
        target[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], Version);
        database.CopyTo(target[8..]);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(target[60..], Crc32C.Compute(target[..60]));
    }

    /// <summary>Whether the bytes are the header of that database's file of that number.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> source, in DatabaseId database, ulong number)
    {
        Span<byte> expected = stackalloc byte[HeaderLength];
        WriteHeader(database, number, expected);
        return source.Length >= HeaderLength && source[..HeaderLength].SequenceEqual(expected);
    }

    /// <summary>Writes one record of the index.</summary>
    public static void WriteBlock(in HistoryBlock block, Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, block.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], block.StoredLength);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], block.RawLength);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], block.Check);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], block.EntryCount);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], block.FirstSeq);
        block.FirstAuthor.CopyTo(target[32..]);
    }

    /// <summary>Reads one record of the index; false unless the block lies between header and index.</summary>
    public static bool TryReadBlock(ReadOnlySpan<byte> source, long expectedOffset, long end, out HistoryBlock block)
    {
        block = new HistoryBlock(
            BinaryPrimitives.ReadInt64LittleEndian(source), BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]), BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[20..]), BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            AuthorKey.Read(source[32..]));
        return block.Offset == expectedOffset
            && block.StoredLength > 0 && block.StoredLength <= block.RawLength && block.RawLength <= BlockLengthMax
            && block.StoredLength <= end - block.Offset
            && block.EntryCount > 0 && block.EntryCount <= block.RawLength / EntryFormat.FixedHeaderLength;
    }

    /// <summary>Writes the trailer.</summary>
    public static void WriteTrailer(long indexOffset, long entryCount, int blockCount, uint indexCheck, Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, indexOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], entryCount);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], blockCount);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], indexCheck);
        BinaryPrimitives.WriteUInt32LittleEndian(target[24..], TrailerMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[28..], Crc32C.Compute(target[..28]));
    }

    /// <summary>Reads the trailer of a file of <paramref name="fileLength"/> bytes; false when it is none.</summary>
    public static bool TryReadTrailer(
        ReadOnlySpan<byte> source, long fileLength, out long indexOffset, out int blockCount, out uint indexCheck,
        out long entryCount)
    {
        indexOffset = BinaryPrimitives.ReadInt64LittleEndian(source);
        entryCount = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        blockCount = BinaryPrimitives.ReadInt32LittleEndian(source[16..]);
        indexCheck = BinaryPrimitives.ReadUInt32LittleEndian(source[20..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(source[24..]) == TrailerMagic
            && BinaryPrimitives.ReadUInt32LittleEndian(source[28..]) == Crc32C.Compute(source[..28])
            && indexOffset >= HeaderLength && blockCount >= 0
            && indexOffset == fileLength - TrailerLength - ((long)blockCount * IndexRecordLength);
    }
}
