using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

// Reading goes from frame to frame while checksum, epoch, position and the chain agree. Where they stop agreeing lies either
// the torn tail (what was never durable, so never promised) or damage. It is damage when something written later proves that
// the bad place was durable once: a later frame of the same epoch that names a durable position past it, or a later segment,
// which is begun only after the one before is synced. Without syncs (flush modes 2 and 0) a power loss may keep a later frame
// and lose an earlier one; such strays name no durable position past the gap and are not damage.

/// <summary>Reads a journal from its oldest segment to its tail, without changing it.</summary>
internal static class JournalReader
{
    /// <summary>Receives the records in order; the bytes are valid during the call.</summary>
    /// <param name="record">The whole record.</param>
    /// <param name="position">Position of its first frame.</param>
    /// <param name="segment">The segment of its first frame.</param>
    public delegate void RecordHandler(ReadOnlySpan<byte> record, long position, in JournalSegment segment);

    /// <summary>Reads all records; throws <see cref="CorruptionException"/> on damage.</summary>
    public static JournalTail Read(StorageVolume volume, RecordHandler handler)
    {
        var tail = new JournalTail();
        List<JournalSegment> segments = ReadHeaders(volume);
        using var record = new ByteWriter();
        var state = new ReadState(handler, record);
        for (int i = 0; i < segments.Count; i++)
        {
            JournalSegment segment = segments[i];
            if (i == 0)
            {
                tail.Position = segment.BasePosition;
                tail.Check = segment.PreviousCheck;
            }
            else if (segment.Epoch != segments[i - 1].Epoch + 1)
            {
                throw new CorruptionException(JournalSegment.PathOf(segments[i - 1].Epoch + 1), 0, "the segment is missing");
            }
            else if (segment.BasePosition != tail.Position || segment.PreviousCheck != tail.Check)
            {
                // The next segment was begun after this one was durable to its end.
                JournalSegment previous = segments[i - 1];
                throw new CorruptionException(previous.Path, previous.OffsetOf(tail.Position),
                    "the frame here is not the one that the next segment follows");
            }

            tail.Segments.Add(segment);
            ReadSegment(volume, segment, tail, ref state, isLast: i == segments.Count - 1);
        }

        return tail;
    }

    private static List<JournalSegment> ReadHeaders(StorageVolume volume)
    {
        List<JournalSegment> segments = [];
        byte[] header = new byte[JournalFormat.SegmentHeaderLength];
        foreach (string name in volume.List(Journal.Directory))
        {
            if (!Journal.TryParseSegmentName(name, out ulong epoch))
                continue;
            string path = JournalSegment.PathOf(epoch);
            using StorageFile file = volume.Open(path, StorageOpening.Existing);
            // A segment gets its name after its header is durable.
            if (file.Read(0, header) < header.Length
                || !JournalFormat.TryReadSegmentHeader(header, out JournalSegment segment)
                || segment.Epoch != epoch)
            {
                throw new CorruptionException(path, 0, "the segment has no valid header");
            }

            segments.Add(segment with { Length = Math.Min(segment.Length, file.Length) });
        }

        return segments;
    }

    private static void ReadSegment(
        StorageVolume volume, in JournalSegment segment, JournalTail tail, ref ReadState state, bool isLast)
    {
        using StorageFile file = volume.Open(segment.Path, StorageOpening.Existing);
        using var frames = new SegmentFrames(file, segment);
        int offset = 0;
        while (frames.TryRead(offset, tail.Position, out JournalFrame frame) && frame.PreviousCheck == tail.Check)
        {
            state.Take(segment, frame, frames.PayloadOf(offset, frame));
            offset += frame.Length;
            tail.Position += frame.Length;
            tail.Check = frame.Check;
            tail.FrameCount++;
        }

        if (isLast)
            InspectTail(segment, frames, offset, tail);
    }

    private static void InspectTail(in JournalSegment segment, SegmentFrames frames, int tornOffset, JournalTail tail)
    {
        for (int offset = tornOffset; offset <= frames.Length - JournalFormat.FrameHeaderLength; offset += JournalFormat.Alignment)
        {
            if (!frames.TryRead(offset, segment.BasePosition + offset, out JournalFrame frame))
                continue;
            if (frame.DurablePosition > tail.Position)
            {
                throw new CorruptionException(segment.Path, segment.OffsetOf(tail.Position),
                    $"a frame at byte {segment.OffsetOf(frame.Position)} shows that the frame here was durable");
            }

            tail.HasStrayFrames = true;
        }
    }

    /// <summary>Puts records together from their frames.</summary>
    private ref struct ReadState(RecordHandler handler, ByteWriter record)
    {
        private long _start;
        private JournalSegment _startSegment;
        private bool _open;

        public void Take(in JournalSegment segment, in JournalFrame frame, scoped ReadOnlySpan<byte> payload)
        {
            bool isFirst = (frame.Flags & JournalFormat.FirstFlag) != 0;
            bool isLast = (frame.Flags & JournalFormat.LastFlag) != 0;
            if (isFirst && isLast)
            {
                _open = false;
                handler(payload, frame.Position, segment);
                return;
            }

            if (isFirst)
            {
                // A record that was left unfinished is void: its writer failed and said so.
                record.Clear();
                _start = frame.Position;
                _startSegment = segment;
                _open = true;
            }

            if (!_open)
                return;
            record.Write(payload);
            if (isLast)
            {
                _open = false;
                handler(record.Written, _start, _startSegment);
            }
        }
    }
}
