using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: one or two journal segments without the zeros of their header blocks: 40 bytes of the header, u8 that goes among those
/// zeros, u16 length of the frames, the frames; the rest is the second. They are read to a tail, or damage is named that lies in
/// them. Headers and frames that were read, written again, are the same bytes.
/// </summary>
internal sealed class JournalTarget : IFuzzTarget, IDisposable
{
    private const int HeaderLength = 40;
    private const int JunkOffset = 40;
    private const int FramesLengthOffset = 41;
    private const int PrefixLength = 43;
    private const int ZeroOffset = 2000;
    private const int SegmentCount = 2;

    private readonly byte[] _block = new byte[JournalFormat.SegmentHeaderLength];
    private readonly ByteWriter _again = new();

    public string Name => "journal";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/JournalReader.cs", "P2PDB.Engine/Log/JournalFormat.cs"];

    // The list of segments, the names of their files, and a header block to read into.
    public int AllocationSlack => JournalFormat.SegmentHeaderLength + 2048;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Compact(Write(16 * 1024, []));
            yield return Compact(Write(16 * 1024, [1]));
            yield return Compact(Write(16 * 1024, [100, 14, 200]));
            // The second record goes on in the second segment.
            yield return Compact(Write(8 * 1024, [3000, 2000]));
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        ulong epoch = 1;
        long position = 0;
        uint check = 0;
        Span<byte> rest = buffer[..length];
        while (rest.Length >= PrefixLength && epoch <= SegmentCount)
        {
            int framesLength = FramesLength(rest);
            RepairFrames(rest.Slice(PrefixLength, framesLength), epoch, ref position, ref check, rest);
            rest = rest[(PrefixLength + framesLength)..];
            epoch++;
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        using var volume = new MemoryVolume(new Random(1));
        ulong epoch = 1;
        for (ReadOnlySpan<byte> rest = input; rest.Length >= PrefixLength && epoch <= SegmentCount; epoch++)
        {
            int framesLength = FramesLength(rest);
            _block.AsSpan().Clear();
            rest[..HeaderLength].CopyTo(_block);
            _block[ZeroOffset] = rest[JunkOffset];
            using StorageFile file = volume.Open(JournalSegment.PathOf(epoch), StorageOpening.CreateEmpty);
            file.Write(0, _block);
            file.Write(_block.Length, rest.Slice(PrefixLength, framesLength));
            rest = rest[(PrefixLength + framesLength)..];
        }

        int recordCount = 0;
        JournalReader.RecordHandler handler = (record, _, in _) => recordCount++;
        try
        {
            probe.BeginDecoding();
            JournalTail tail = JournalReader.Read(volume, handler);
            probe.EndDecoding();
            probe.Reached((int)Math.Min(tail.FrameCount, 100));
            probe.Reached(tail.HasStrayFrames ? 200 : 201);
            probe.Reached(210 + tail.Segments.Count);
            FuzzLaw.Require(recordCount <= tail.FrameCount, "a record has a frame");
            RequireSameAgain(volume, tail);
            return tail.FrameCount > 0;
        }
        catch (CorruptionException damage)
        {
            FuzzLaw.Require(damage.Offset >= 0 && damage.Offset <= input.Length + _block.Length, "damage lies in the file");
            probe.Reached(damage.Offset == 0 ? 300 : 301);
            probe.Reached(310 + Math.Min(recordCount, 10));
            return false;
        }
    }

    public void Dispose() => _again.Dispose();

    private void RequireSameAgain(MemoryVolume volume, JournalTail tail)
    {
        long frameCount = 0;
        foreach (JournalSegment segment in tail.Segments)
        {
            byte[] file = volume.TryReadAll(segment.Path)!;
            JournalFormat.TryReadSegmentHeader(file, out JournalSegment stated);
            JournalFormat.WriteSegmentHeader(stated, _block);
            FuzzLaw.RequireSame(file.AsSpan(0, _block.Length), _block, "a segment's header is its fields");

            ReadOnlySpan<byte> frames = file.AsSpan(_block.Length, (int)segment.Length - _block.Length);
            long position = segment.BasePosition;
            while (position < tail.Position && JournalFormat.TryReadFrame(frames, segment.Epoch, position, out JournalFrame frame))
            {
                _again.Clear();
                _again.WriteZeros(JournalFormat.FrameHeaderLength);
                _again.Write(frames.Slice(JournalFormat.FrameHeaderLength, frame.PayloadLength));
                _again.WriteZeros(frame.Length - _again.Length);
                JournalFormat.SealFrame(_again.WrittenSpan, frame);
                FuzzLaw.RequireSame(frames[..frame.Length], _again.Written, "a frame is its fields and payload");
                frames = frames[frame.Length..];
                position += frame.Length;
                frameCount++;
            }
        }

        FuzzLaw.Require(frameCount == tail.FrameCount, "the frames are those that were counted");
    }

    // How many of the bytes after the prefix are this segment's frames; whole alignments, and all where nothing can follow.
    private static int FramesLength(ReadOnlySpan<byte> segment)
    {
        int stated = BinaryPrimitives.ReadUInt16LittleEndian(segment[FramesLengthOffset..]) & ~(JournalFormat.Alignment - 1);
        int left = segment.Length - PrefixLength;
        return stated > left - PrefixLength ? left : stated;
    }

    private static void RepairFrames(Span<byte> frames, ulong epoch, ref long position, ref uint check, Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, JournalFormat.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], JournalFormat.Version);
        if (epoch == 1)
        {
            position = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
            check = BinaryPrimitives.ReadUInt32LittleEndian(header[32..]);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(header[32..], check);
        BinaryPrimitives.WriteUInt32LittleEndian(header[36..], Crc32C.Compute(header[..36]));

        // A frame whose first byte of flags is large stays as it is, so that what stops the chain is met as well.
        while (frames.Length >= JournalFormat.FrameHeaderLength && frames[12] < 128)
        {
            int left = frames.Length - JournalFormat.FrameHeaderLength;
            int payloadLength = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(frames[8..]) & 0x3FFF, left & ~(JournalFormat.Alignment - 1));
            var frame = new JournalFrame(0, check, payloadLength, (uint)(frames[12] & 3), epoch, position,
                BinaryPrimitives.ReadInt64LittleEndian(frames[32..]));
            frames[(JournalFormat.FrameHeaderLength + payloadLength)..Math.Min(frame.Length, frames.Length)].Clear();
            check = JournalFormat.SealFrame(frames, frame);
            position += frame.Length;
            frames = frames[Math.Min(frame.Length, frames.Length)..];
        }
    }

    private static MemoryVolume Write(int segmentLength, int[] recordLengths)
    {
        var volume = new MemoryVolume(new Random(1));
        using Journal journal = Journal.Open(volume, new JournalOptions { SegmentLength = segmentLength }, (_, _, in _) => { });
        foreach (int length in recordLengths)
            journal.Append(new byte[length], length % 2 == 0 ? FlushMode.EachCommit : FlushMode.WriteEachCommit);
        return volume;
    }

    private static byte[] Compact(MemoryVolume volume)
    {
        using var compact = new ByteWriter();
        for (ulong epoch = 1; volume.TryReadAll(JournalSegment.PathOf(epoch)) is { } file; epoch++)
        {
            ReadOnlySpan<byte> frames = file.AsSpan(JournalFormat.SegmentHeaderLength).TrimEnd((byte)0);
            int length = (frames.Length + 64) & ~(JournalFormat.Alignment - 1);
            if (epoch == 1 && volume.Exists(JournalSegment.PathOf(2)))
                length = file.Length - JournalFormat.SegmentHeaderLength;
            compact.Write(file.AsSpan(0, HeaderLength));
            compact.WriteByte(0);
            compact.WriteUInt16((ushort)length);
            compact.Write(file.AsSpan(JournalFormat.SegmentHeaderLength, Math.Min(length, file.Length - JournalFormat.SegmentHeaderLength)));
        }

        volume.Dispose();
        return compact.Written.ToArray();
    }
}
