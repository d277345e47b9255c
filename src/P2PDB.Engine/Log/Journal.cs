using System.Globalization;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Log;

// The node-wide write-ahead log. A record is the entries of one commit, of any number of databases; it is there after a crash
// as a whole or not at all. Frames are packed at multiples of 8 bytes into segments that were filled with zeros (or used
// before), so that a write changes no metadata and O_DSYNC is one disk write. The device is always given whole 4 KiB blocks:
// the last one is kept here and written again with what follows, so the system never has to read a block to change a part.
// Bytes that were durable are written again unchanged, so a torn write cannot hurt them.
//
// INVARIANT: a frame's DurablePosition is true when the frame is written; a segment is begun only when the one before is
// durable to its last frame. JournalReader tells damage from a torn tail by these two.

/// <summary>Appends records; one thread at a time.</summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Where the segments lie in the volume.</summary>
    public const string Directory = "journal";

    private const string SegmentSuffix = ".wal";
    private const string SpareSuffix = ".spare";

    /// <summary>Bytes that mode 0 keeps in memory at most.</summary>
    private const int BufferLengthMax = 1024 * 1024;

    private readonly StorageVolume _volume;
    private readonly JournalOptions _options;
    private readonly List<JournalSegment> _segments = [];
    private readonly List<string> _spares = [];
    private StorageFile? _durableFile;
    private StorageFile? _cachedFile;
    private JournalSegment _current;
    private readonly BlockBuffer _buffer = new(16 * JournalFormat.BlockLength);
    private long _bufferOffset;
    private int _bufferLength;
    private long _writtenPosition;
    private uint _check;
    private bool _isBroken;
    private (long Position, uint Check, int BufferLength) _restorePoint;

    private Journal(StorageVolume volume, JournalOptions options)
    {
        _volume = volume;
        _options = options;
    }

    /// <summary>Position after the last record.</summary>
    public long Position { get; private set; }

    /// <summary>Everything before this position is durable.</summary>
    public long DurablePosition { get; private set; }

    /// <summary>Position of the oldest frame that is still here.</summary>
    public long OldestPosition => _segments.Count > 0 ? _segments[0].BasePosition : Position;

    /// <summary>True after a failed write or sync: what is on the disk is unknown, only a new start tells.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>
    /// Reads the journal of a volume, giving each record to <paramref name="handler"/>, and opens it for appending. Throws
    /// <see cref="CorruptionException"/> on damage.
    /// </summary>
    public static Journal Open(StorageVolume volume, JournalOptions options, JournalReader.RecordHandler handler)
    {
        volume.CreateDirectory(Directory);
        JournalTail tail = JournalReader.Read(volume, handler);
        var journal = new Journal(volume, options);
        journal.FindSpares();
        journal.Position = tail.Position;
        journal._check = tail.Check;
        journal._segments.AddRange(tail.Segments);
        if (tail.Segments.Count > 0)
            journal.Resume(tail);
        journal.DurablePosition = journal.Position;
        journal._writtenPosition = journal.Position;
        return journal;
    }

    /// <summary>The epoch in a segment's file name.</summary>
    public static bool TryParseSegmentName(string name, out ulong epoch)
    {
        epoch = 0;
        return name.Length == 16 + SegmentSuffix.Length && name.EndsWith(SegmentSuffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out epoch)
            && epoch > 0;
    }

    /// <summary>Makes sure that a record of this length fits; <see cref="DiskFullException"/> when it does not.</summary>
    public void Reserve(int recordLength)
    {
        ObjectDisposedException.ThrowIf(_isBroken, this);
        PrepareRoom(recordLength);
    }

    /// <summary>
    /// Appends one record. <see cref="DiskFullException"/>: nothing was appended, a later try may succeed. Any other failure
    /// breaks the journal.
    /// </summary>
    public void Append(ReadOnlySpan<byte> record, FlushMode mode)
    {
        ObjectDisposedException.ThrowIf(_isBroken, this);
        SetRestorePoint();
        try
        {
            PrepareRoom(record.Length);
            uint flags = JournalFormat.FirstFlag;
            while ((flags & JournalFormat.LastFlag) == 0)
            {
                int pieceLength = NextPieceLength(record.Length);
                if (pieceLength < 0)
                {
                    BeginSegment();
                    continue;
                }

                flags |= pieceLength == record.Length ? JournalFormat.LastFlag : 0;
                AppendFrame(record[..pieceLength], flags);
                record = record[pieceLength..];
                flags &= JournalFormat.LastFlag;
            }

            if (mode == FlushMode.EachCommit)
                WriteDurably();
            else if (mode == FlushMode.WriteEachCommit || _bufferLength > BufferLengthMax)
                WriteCached();
        }
        catch (DiskFullException)
        {
            // What reached the disk of the record has no last frame, or is written over by the next one.
            (Position, _check, _bufferLength) = _restorePoint;
            throw;
        }
        catch (IOException)
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>Makes all records durable. A failure breaks the journal.</summary>
    public void Sync()
    {
        ObjectDisposedException.ThrowIf(_isBroken, this);
        if (DurablePosition == Position)
            return;
        try
        {
            WriteCached();
            _cachedFile!.Sync();
            DurablePosition = Position;
        }
        catch (IOException)
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>Lets segments go whose records all lie before <paramref name="position"/>; they are used again.</summary>
    public void Release(long position)
    {
        while (_segments.Count > 1 && _segments[1].BasePosition <= position)
        {
            string path = _segments[0].Path;
            if (_spares.Count < _options.SpareCountMax && _segments[0].Length == _options.SegmentLength)
            {
                string spare = $"{Directory}/{_segments[0].Epoch:x16}{SpareSuffix}";
                _volume.Rename(path, spare);
                _spares.Add(spare);
            }
            else
            {
                _volume.Delete(path);
            }

            // Oldest first and each synced: a gap would look like a lost segment.
            _volume.SyncDirectory(Directory);
            _segments.RemoveAt(0);
        }
    }

    /// <summary>Closes the files; what was not synced may be lost.</summary>
    public void Dispose()
    {
        _isBroken = true;
        _durableFile?.Dispose();
        _cachedFile?.Dispose();
    }

    private void FindSpares()
    {
        foreach (string name in _volume.List(Directory))
        {
            if (!name.EndsWith(SpareSuffix, StringComparison.Ordinal))
                continue;
            string path = $"{Directory}/{name}";
            using (StorageFile file = _volume.Open(path, StorageOpening.Existing))
            {
                if (file.Length == _options.SegmentLength)
                {
                    _spares.Add(path);
                    continue;
                }
            }

            // Left by a crash while it was filled, or of another size.
            _volume.Delete(path);
        }
    }

    private void Resume(JournalTail tail)
    {
        OpenFiles(tail.Segments[^1]);
        long offset = _current.OffsetOf(Position);
        if (tail.HasStrayFrames)
            _cachedFile!.FillWithZeros(offset, _current.Length);

        // The tail may have been read from the system's cache of a process that died: make sure it is what the disk has.
        _cachedFile!.Sync();
        _bufferOffset = offset - (offset % JournalFormat.BlockLength);
        _bufferLength = (int)(offset - _bufferOffset);
        _cachedFile.Read(_bufferOffset, _buffer.Span.Slice(0, _bufferLength));
    }

    /// <summary>Makes sure that the record fits before anything of it is written, so that a full disk changes nothing.</summary>
    private void PrepareRoom(int recordLength)
    {
        long room = _segments.Count == 0 ? 0 : _current.Length - _current.OffsetOf(Position);
        long segmentRoom = _options.SegmentLength - JournalFormat.SegmentHeaderLength - JournalFormat.FrameHeaderLength
            - JournalFormat.Alignment;
        long missing = recordLength - Math.Max(room - JournalFormat.FrameHeaderLength - JournalFormat.Alignment, 0);
        for (int needed = 0; missing > 0; missing -= segmentRoom, needed++)
        {
            if (needed == _spares.Count)
                CreateSpare();
        }
    }

    private void CreateSpare()
    {
        int number = 0;
        string path;
        do
        {
            path = $"{Directory}/{number++}{SpareSuffix}";
        }
        while (_volume.Exists(path));

        try
        {
            using StorageFile file = _volume.Open(path, StorageOpening.CreateEmpty);
            file.FillWithZeros(0, _options.SegmentLength);
        }
        catch (DiskFullException)
        {
            _volume.Delete(path);
            throw;
        }

        _volume.SyncDirectory(Directory);
        _spares.Add(path);
    }

    /// <summary>How much of the record goes into the current segment; negative when it is time for the next one.</summary>
    private int NextPieceLength(int recordLength)
    {
        if (_segments.Count == 0)
            return -1;
        long room = _current.Length - _current.OffsetOf(Position) - JournalFormat.FrameHeaderLength;
        long fits = room & ~(JournalFormat.Alignment - 1L);
        if (recordLength <= fits)
            return recordLength;
        return fits >= JournalFormat.PieceLengthMin ? (int)fits : -1;
    }

    private void BeginSegment()
    {
        if (_segments.Count > 0)
            Sync();
        if (_spares.Count == 0)
            CreateSpare();
        ulong epoch = _segments.Count == 0 ? 1 : _current.Epoch + 1;
        string spare = _spares[^1];
        JournalSegment segment;
        var header = new BlockBuffer(JournalFormat.SegmentHeaderLength);
        using (StorageFile file = _volume.Open(spare, StorageOpening.Existing, writeThrough: true))
        {
            segment = new JournalSegment(epoch, Position, file.Length, _check);
            JournalFormat.WriteSegmentHeader(segment, header.Span);
            file.Write(0, header.Span);
        }

        _volume.Rename(spare, segment.Path);
        _volume.SyncDirectory(Directory);
        _spares.RemoveAt(_spares.Count - 1);
        _segments.Add(segment);
        OpenFiles(segment);
        _bufferOffset = JournalFormat.SegmentHeaderLength;
        _bufferLength = 0;
        SetRestorePoint();
    }

    private void SetRestorePoint() => _restorePoint = (Position, _check, _bufferLength);

    private void OpenFiles(in JournalSegment segment)
    {
        _durableFile?.Dispose();
        _cachedFile?.Dispose();
        _durableFile = _volume.Open(segment.Path, StorageOpening.Existing, writeThrough: true);
        _cachedFile = _volume.Open(segment.Path, StorageOpening.Existing);
        _current = segment;
    }

    private void AppendFrame(ReadOnlySpan<byte> payload, uint flags)
    {
        var fields = new JournalFrame(0, _check, payload.Length, flags, _current.Epoch, Position, DurablePosition);
        _buffer.Grow(_bufferLength + fields.Length);
        Span<byte> frame = _buffer.Span.Slice(_bufferLength, fields.Length);
        frame[(JournalFormat.FrameHeaderLength + payload.Length)..].Clear();
        payload.CopyTo(frame[JournalFormat.FrameHeaderLength..]);
        _check = JournalFormat.SealFrame(frame, fields);
        _bufferLength += fields.Length;
        Position += fields.Length;
    }

    private void WriteDurably()
    {
        // O_DSYNC makes this write durable, not earlier ones that went through the system's cache.
        if (DurablePosition < _writtenPosition)
        {
            Sync();
            return;
        }

        Write(_durableFile!);
        DurablePosition = Position;
    }

    private void WriteCached() => Write(_cachedFile!);

    private void Write(StorageFile file)
    {
        if (_writtenPosition == Position)
            return;
        int wholeLength = (_bufferLength + JournalFormat.BlockLength - 1) & ~(JournalFormat.BlockLength - 1);
        int writeLength = (int)Math.Min(wholeLength, _current.Length - _bufferOffset);
        _buffer.Grow(wholeLength);
        _buffer.Span.Slice(_bufferLength, wholeLength - _bufferLength).Clear();
        file.Write(_bufferOffset, _buffer.Span.Slice(0, writeLength));
        _writtenPosition = Position;

        int keptOffset = _bufferLength & ~(JournalFormat.BlockLength - 1);
        _buffer.Span.Slice(keptOffset, _bufferLength - keptOffset).CopyTo(_buffer.Span);
        _bufferOffset += keptOffset;
        _bufferLength -= keptOffset;
    }

}
