using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// JOURNAL v1, little-endian. Golden bytes: tests/P2PDB.Engine.Tests/Log/golden/. Spec: docs/formats/journal.md
// A segment is a file of fixed length, journal/<epoch, 16 hex digits>.wal; its first 4 KiB are the header:
//    0  u32  magic "P2J1"       4  u16  version (1)     6  u16  0
//    8  u64  epoch             16  u64  position of the first frame
//   24  u64  segment length    32  u32  checksum of the frame before the segment
//   36  u32  CRC32C of bytes 0..36      then zeros
// Frames follow, each on a multiple of 8 bytes:
//    0  u32  CRC32C of bytes 4..40 and the payload     4  u32  checksum of the frame before: the chain
//    8  u32  payload length    12  u32  flags: 1 first frame of a record, 2 last frame of a record
//   16  u64  epoch             24  u64  position of this frame     32  u64  everything before this position was durable
//   40  payload, then zeros up to a multiple of 8
// Positions count bytes of frames over all segments, so a position names one place for ever.

/// <summary>Offsets, lengths and checksums of journal segments.</summary>
internal static class JournalFormat
{
    /// <summary>"P2J1".</summary>
    public const uint Magic = 0x314A_3250;

    /// <summary>The one version this node writes and reads.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes before the first frame: a block, so that frames never share one with the header.</summary>
    public const int SegmentHeaderLength = BlockLength;

    /// <summary>What a disk writes at once.</summary>
    public const int BlockLength = StorageFile.BlockLength;

    /// <summary>Bytes before a frame's payload.</summary>
    public const int FrameHeaderLength = 40;

    /// <summary>Frames lie on multiples of this.</summary>
    public const int Alignment = 8;

    /// <summary>The first frame of a record.</summary>
    public const uint FirstFlag = 1;

    /// <summary>The last frame of a record.</summary>
    public const uint LastFlag = 2;

    /// <summary>Shortest piece of a record worth starting at the end of a segment.</summary>
    public const int PieceLengthMin = 1024;

    private const int SegmentCheckOffset = 36;

    /// <summary>A length with padding.</summary>
    public static int Padded(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    /// <summary>Writes a segment's header block.</summary>
    public static void WriteSegmentHeader(in JournalSegment segment, Span<byte> target)
    {
        target[..SegmentHeaderLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], segment.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], segment.BasePosition);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], segment.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], segment.PreviousCheck);
        BinaryPrimitives.WriteUInt32LittleEndian(target[SegmentCheckOffset..], Crc32C.Compute(target[..SegmentCheckOffset]));
    }

    /// <summary>Reads a segment's header block; false when it is none.</summary>
    public static bool TryReadSegmentHeader(ReadOnlySpan<byte> source, out JournalSegment segment)
    {
        segment = default;
        if (source.Length < SegmentHeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[SegmentCheckOffset..])
                != Crc32C.Compute(source[..SegmentCheckOffset])
            || source[(SegmentCheckOffset + 4)..SegmentHeaderLength].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        segment = new JournalSegment(
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]), BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]), BinaryPrimitives.ReadUInt32LittleEndian(source[32..]));
        // No frame of the segment has a position that does not fit.
        return segment.BasePosition >= 0 && segment.Length > SegmentHeaderLength && segment.Epoch > 0
            && segment.BasePosition <= long.MaxValue - segment.Length;
    }

    /// <summary>Writes a frame whose payload is in place already; returns its checksum.</summary>
    public static uint SealFrame(Span<byte> frame, in JournalFrame fields)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], fields.PreviousCheck);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], fields.PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], fields.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[16..], fields.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], fields.Position);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], fields.DurablePosition);
        uint check = Crc32C.Compute(frame[4..(FrameHeaderLength + fields.PayloadLength)]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, check);
        return check;
    }

    /// <summary>
    /// The length, with padding, that the header of a frame of that epoch and position states; 0 where there is none. Not checked:
    /// it may be anything.
    /// </summary>
    public static int ClaimedLength(ReadOnlySpan<byte> source, ulong epoch, long position) =>
        source.Length >= FrameHeaderLength
        && BinaryPrimitives.ReadUInt64LittleEndian(source[16..]) == epoch
        && BinaryPrimitives.ReadInt64LittleEndian(source[24..]) == position
        && BinaryPrimitives.ReadInt32LittleEndian(source[8..]) is >= 0 and int payloadLength
        and <= int.MaxValue - FrameHeaderLength - Alignment
            ? Padded(FrameHeaderLength + payloadLength)
            : 0;

    /// <summary>
    /// Reads the frame at the start of <paramref name="source"/>, the rest of a segment or a piece of it; false unless it is a whole frame of
    /// that epoch and position. Whether it continues the chain is for the caller.
    /// </summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> source, ulong epoch, long position, out JournalFrame frame)
    {
        frame = default;
        if (source.Length < FrameHeaderLength
            || BinaryPrimitives.ReadUInt64LittleEndian(source[16..]) != epoch
            || BinaryPrimitives.ReadInt64LittleEndian(source[24..]) != position)
        {
            return false;
        }

        int payloadLength = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        uint check = BinaryPrimitives.ReadUInt32LittleEndian(source);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(source[12..]);
        if (payloadLength < 0 || payloadLength > source.Length - FrameHeaderLength || flags > (FirstFlag | LastFlag))
            return false;
        int end = FrameHeaderLength + payloadLength;
        if (Padded(end) > source.Length
            || check != Crc32C.Compute(source[4..end])
            || source[end..Padded(end)].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        frame = new JournalFrame(check, BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), payloadLength, flags, epoch,
            position, BinaryPrimitives.ReadInt64LittleEndian(source[32..]));
        return true;
    }
}
