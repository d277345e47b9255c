using System.Collections.Concurrent;
using System.Globalization;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// The files of FASTER's log: one for each segment, named by its number. An address of the log is a segment and a position in
/// its file. Reads, writes and syncs from any thread; the other calls are one at a time.
/// </summary>
internal sealed class LogSegments : IDisposable
{
    /// <summary>Space is reserved in such pieces, so that a small file stays small.</summary>
    private const long ReservePieceLength = 1 << 20;

    private const string Prefix = "log-";
    private readonly StorageVolume _volume;
    private readonly string _directory;
    private readonly long _segmentLength;
    private readonly ConcurrentDictionary<int, StorageFile> _files = new();
    private readonly Lock _gate = new();
    private readonly Lock _growing = new();
    private readonly Lock _syncing = new();
    private readonly HashSet<int> _unsynced = [];
    private bool _namesUnsynced;
    private long _reservedUntil;

    /// <summary>
    /// Opens the segments from <paramref name="begin"/> to <paramref name="end"/> and removes all others: what was written
    /// after the checkpoint that names these addresses is gone.
    /// </summary>
    public LogSegments(StorageVolume volume, string directory, long segmentLength, long begin, long end)
    {
        _volume = volume;
        _directory = directory;
        _segmentLength = segmentLength;
        _reservedUntil = end;
        foreach (string name in volume.List(directory))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            bool isSegment = int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture,
                out int segment);
            if (isSegment && segment >= SegmentOf(begin) && segment * segmentLength < end)
                _files[segment] = volume.Open(PathOf(segment), StorageOpening.Existing);
            else
                volume.Delete($"{directory}/{name}");
        }
    }

    /// <summary>The segment that an address lies in.</summary>
    public int SegmentOf(long address) => checked((int)(address / _segmentLength));

    /// <summary>Address of the log up to which the disk's space is certain.</summary>
    public long ReservedUntil => Volatile.Read(ref _reservedUntil);

    /// <summary>Path of a segment's file.</summary>
    public string PathOf(int segment) => $"{_directory}/{Prefix}{segment:x8}";

    /// <summary>
    /// Reads what a segment has from an address on, at most <paramref name="target"/>; the rest is zeros. A log that has nothing
    /// there is a <see cref="CorruptionException"/>.
    /// </summary>
    public void Read(long address, Span<byte> target)
    {
        int segment = SegmentOf(address);
        long offset = address % _segmentLength;
        int read = _files.TryGetValue(segment, out StorageFile? file) ? file.Read(offset, target) : 0;
        if (read == 0)
            throw new CorruptionException(PathOf(segment), offset, "the log ends before");
        target[read..].Clear();
    }

    /// <summary>Writes within one segment, not durably.</summary>
    public void Write(long address, ReadOnlySpan<byte> source)
    {
        int segment = SegmentOf(address);
        StorageFile file = FileFor(segment);
        lock (_growing)
            file.Write(address % _segmentLength, source);
    }

    /// <summary>Makes everything durable whose write returned before.</summary>
    public void Sync()
    {
        // One after the other: what another call is still syncing is not marked any more.
        lock (_syncing)
        {
            int[] segments;
            bool names;
            lock (_gate)
            {
                segments = [.. _unsynced];
                _unsynced.Clear();
                names = _namesUnsynced;
                _namesUnsynced = false;
            }

            foreach (int segment in segments)
                _files[segment].Sync();
            if (names)
                _volume.SyncDirectory(_directory);
        }
    }

    /// <summary>Makes sure of the disk's space up to an address; a disk without room is an <see cref="IOException"/>.</summary>
    public void Reserve(long end)
    {
        while (_reservedUntil < end)
        {
            int segment = SegmentOf(_reservedUntil);
            long start = segment * _segmentLength;
            long length = Math.Min(end - start + ReservePieceLength - 1, _segmentLength) & -ReservePieceLength;
            length = length == 0 ? _segmentLength : length;
            StorageFile file = FileFor(segment);

            // Where the system has no call for it, room is made by zeros from the file's end on, which must be the end till then.
            lock (_growing)
                file.Reserve(length);
            Volatile.Write(ref _reservedUntil, start + length);
        }
    }

    /// <summary>Removes the segments that lie before an address as a whole.</summary>
    public void DeleteBefore(long address)
    {
        foreach (int segment in _files.Keys)
        {
            if (segment >= SegmentOf(address))
                continue;
            lock (_syncing)
            {
                if (_files.TryRemove(segment, out StorageFile? file))
                    file.Dispose();
                lock (_gate)
                    _unsynced.Remove(segment);
            }

            _volume.Delete(PathOf(segment));
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (StorageFile file in _files.Values)
            file.Dispose();
    }

    private StorageFile FileFor(int segment)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(segment, out StorageFile? file))
            {
                file = _volume.Open(PathOf(segment), StorageOpening.CreateEmpty);
                _files[segment] = file;
                _namesUnsynced = true;
            }

            // Marked before it is written: a sync that misses the mark comes before the write.
            _unsynced.Add(segment);
            return file;
        }
    }
}
