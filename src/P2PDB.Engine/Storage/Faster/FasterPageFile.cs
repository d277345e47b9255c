using FASTER.core;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Faster;

// HOW IT WORKS
// FASTER is a log and a hash index over it. A page's image is one record of the log; writing a page again changes the record in
// place while it is in the newest, mutable part of the log, which is in memory, and appends a new record after that. What is
// read-only goes to the disk, in order; what memory cannot hold is read back from there, a record at a time.
//
// A checkpoint makes the log read-only up to its end and remembers that end; once the log is durable to there, the checkpoint is.
// Recovery sets the log's end back to it, reads the index of an older moment and the log since, and has the pages as they were.
// FASTER could let writers go on during the turn of a version and undo at recovery what came too early. This does not: writers
// stand still (a gate) while the end is fixed, which takes no disk, so that a checkpoint's log holds nothing to undo.
//
// The index is written now and then by itself, when the log has grown enough, and only after a checkpoint is released: it serves
// the checkpoints after that. Writers stand still here too, while FASTER copies it within memory.
//
// Compaction copies what is live in the oldest part of the log to its end and moves the log's begin. The files of that part stay
// until a checkpoint with the new begin is released, since the last durable checkpoint still needs them.
//
// INVARIANTS
// - Nothing is appended between a checkpoint's version turn and its end: writers stand at the gate, compaction is excluded by
//   _maintenance, and reads copy nothing to the log.
// - A segment or index file that the last released token names, or a later one, exists. Only Release and Open remove files.
// - FASTER never sees a failed write (see FasterDevice), and no answer of FASTER's is given out after a failed read.
// - After a failed sync or read nothing is durable any more: every call throws PageFileFailedException.

/// <summary>
/// Pages on disk: page number → image of <see cref="ImageLength"/> bytes, kept by Microsoft.FASTER in a directory of a volume.
/// </summary>
/// <remarks>
/// Writing allocates nothing once warm. Reading a page that is in memory allocates nothing; one from the disk costs FASTER's own
/// 200 bytes or so: the boxed request, the key and the input on the heap. A page that waits for the disk while it has no room
/// makes <see cref="Write"/> wait: ask <see cref="TryReserve"/> or <see cref="HasRoom"/> before.
/// </remarks>
internal sealed class FasterPageFile : IDisposable
{
    /// <summary>
    /// Length of an image. FASTER adds a header of 8 bytes, the key (8) and the length (4), and aligns to 8: a record is 16 KiB,
    /// and records tile a log page but for the first, which begins after 64 bytes, and one with a deletion (24 bytes) in it.
    /// </summary>
    public const int ImageLength = RecordLength - 24;

    /// <summary>What a page takes of the log.</summary>
    public const int RecordLength = 16384;

    private const string NotSynced = "The page file could not be synced.";

    private readonly StorageVolume _volume;
    private readonly string _directory;
    private readonly PageFileOptions _options;
    private readonly LogSegments _segments;
    private readonly FasterDevice _device;
    private readonly CheckpointKeeper _keeper = new();
    private readonly FasterKV<long, SpanByte> _pages;
    private readonly SessionPool _sessions;
    private readonly ReaderWriterLockSlim _writers = new();
    private readonly Lock _maintenance = new();
    private volatile PageFileFailedException? _failure;
    private volatile bool _isCheckpointing;
    private bool _isGivenUp;
    private volatile bool _isDisposed;
    private Guid _logToken;
    private long _checkpointBegin;
    private long _checkpointEnd;
    private IndexSnapshot? _index;

    private FasterPageFile(StorageVolume volume, string directory, PageFileOptions options, CheckpointToken? token)
    {
        _volume = volume;
        _directory = directory;
        _options = options;
        _index = token?.Index;
        if (token is not null)
            _keeper.Load(token, token.Index?.Read(volume, directory) ?? []);
        RemoveIndexesBut(_index, null);
        _segments = new LogSegments(volume, directory, options.SegmentLength, token?.Begin ?? 0, token?.End ?? 0);
        _device = new FasterDevice(_segments, options);
        _pages = new FasterKV<long, SpanByte>(new FasterKVSettings<long, SpanByte>(null)
        {
            LogDevice = _device,
            CheckpointManager = _keeper,
            IndexSize = options.IndexLength,
            PageSize = options.LogPageLength,
            SegmentSize = options.SegmentLength,
            MemorySize = options.Memory,
            MutableFraction = 0.5,
            ConcurrencyControlMode = ConcurrencyControlMode.LockTable,
            ReadCopyOptions = ReadCopyOptions.None,
            ValueLength = default(ImageRecords),
        });
        _device.Attach(_pages.Log);
        _sessions = new SessionPool(_pages, options.SessionCountMax);
    }

    /// <summary>
    /// True while the device could not write at its last try (no room, or broken). What was written is kept and tried again;
    /// nothing is lost, but <see cref="Write"/> may wait for it and no checkpoint is completed.
    /// </summary>
    public bool IsFailing => _device.WriteFailure is not null;

    /// <summary>Why the device could not write, or why the file has failed for good; null when all is well.</summary>
    public Exception? Failure => _failure ?? _device.WriteFailure;

    /// <summary>Bytes written behind the last checkpoint that was begun.</summary>
    public long GrowthSinceCheckpoint => _pages.Log.TailAddress - _checkpointEnd;

    /// <summary>Length of the log in bytes.</summary>
    public long LogLength => _pages.Log.TailAddress - _pages.Log.BeginAddress;

    /// <summary>
    /// Bytes of the log that are pages and not their older images: an estimate, a little low where pages share a place in the
    /// index, a little high after deletions. It walks over the index, about a millisecond for each 4 MiB: ask now and then.
    /// </summary>
    public long LiveLength => _pages.EntryCount * RecordLength;

    /// <summary>
    /// Opens the page file in a directory of a volume: empty when <paramref name="token"/> is (what lies there is removed), else
    /// exactly as it was at that checkpoint (what came later is removed). Files that are not what the token says are a
    /// <see cref="CorruptionException"/>.
    /// </summary>
    public static FasterPageFile Open(
        StorageVolume volume, string directory, PageFileOptions options, ReadOnlySpan<byte> token)
    {
        CheckpointToken? checkpoint = token.IsEmpty ? null : CheckpointToken.Decode(token, directory);
        volume.CreateDirectory(directory);
        // Where records lie depends on it: a file keeps the one that it began with.
        if (checkpoint is not null)
            options = options with { LogPageLength = checkpoint.LogPageLength };
        var file = new FasterPageFile(volume, directory, options, checkpoint);
        try
        {
            if (checkpoint is not null)
                file.Recover(checkpoint);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies the image of a page into <paramref name="image"/>; false when there is no such page. Any thread.</summary>
    public bool TryRead(long page, Span<byte> image)
    {
        Invariant.Check(page >= 0 && image.Length == ImageLength, "a page has a number and an image of one length");
        bool found;
        using (SessionLease lease = _sessions.Rent())
        {
            long begin;
            do
            {
                // Of a record that was found, but is before the log's begin once it is read, FASTER says that there is none:
                // compaction has copied it to the log's end meanwhile.
                begin = _pages.Log.BeginAddress;
                found = lease.Session.Read(page, image);
            }
            while (!found && _pages.Log.BeginAddress != begin);
            lease.Done();
        }

        ThrowIfFailed();
        return found;
    }

    /// <summary>
    /// Gives a page a new image, which is copied; durable with the next checkpoint. Any thread, but one page is written or
    /// deleted by one thread at a time. Waits while memory is full of what the disk does not take.
    /// </summary>
    public void Write(long page, ReadOnlySpan<byte> image)
    {
        Invariant.Check(page >= 0 && image.Length == ImageLength, "a page has a number and an image of one length");
        ThrowIfFailed();
        _writers.EnterReadLock();
        try
        {
            using SessionLease lease = _sessions.Rent();
            lease.Session.Write(page, image);
            lease.Done();
        }
        finally
        {
            _writers.ExitReadLock();
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }

    /// <summary>Removes a page; none is no error. As <see cref="Write"/> otherwise.</summary>
    public void Delete(long page)
    {
        ThrowIfFailed();
        _writers.EnterReadLock();
        try
        {
            using SessionLease lease = _sessions.Rent();
            lease.Session.Delete(page);
            lease.Done();
        }
        finally
        {
            _writers.ExitReadLock();
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }

    /// <summary>
    /// Begins a checkpoint: all writes that returned before are in it, none that starts after this returned is. Waits for writes
    /// under way and for a running <see cref="Compact"/>, not for the disk itself. One at a time: each is completed before the
    /// next begins, or given up for want of room; a <see cref="DiskFullException"/> says that there is still none for that one.
    /// </summary>
    public void BeginCheckpoint()
    {
        lock (_maintenance)
        {
            ThrowIfFailed();
            if (_isGivenUp)
                Complete();
            Invariant.Check(!_isCheckpointing, "checkpoints are taken one at a time");
            _writers.EnterWriteLock();
            try
            {
                // Within the gate: a writer in it may be waiting for a session.
                using SessionLease lease = _sessions.Rent();
                _checkpointBegin = _pages.Log.BeginAddress;
                bool begun = _pages.TryInitiateHybridLogCheckpoint(out _logToken, CheckpointType.FoldOver);
                Invariant.Check(begun, "FASTER has no other checkpoint under way");
                _isCheckpointing = true;

                // From there on the log's end is fixed and what comes belongs to the next version.
                while (_pages.SystemState.Phase is not (Phase.WAIT_FLUSH or Phase.PERSISTENCE_CALLBACK or Phase.REST))
                    lease.Session.Refresh();
                _checkpointEnd = _pages.Log.TailAddress;
                lease.Done();
            }
            finally
            {
                _writers.ExitWriteLock();
            }
        }
    }

    /// <summary>
    /// Waits until the checkpoint is durable and returns the token to open the file with. While the device does not take what
    /// is written the checkpoint is given up with a <see cref="DiskFullException"/>; what was written stays, for the next.
    /// A sync that fails is a <see cref="PageFileFailedException"/>, now and from then on.
    /// </summary>
    public byte[] CompleteCheckpoint()
    {
        lock (_maintenance)
        {
            ThrowIfFailed();
            Invariant.Check(_isCheckpointing, "a checkpoint was begun");
            Complete();
            try
            {
                _segments.Sync();
            }
            catch (IOException failure)
            {
                throw Fail(NotSynced, failure);
            }

            ThrowIfFailed();
            return new CheckpointToken(
                _options.LogPageLength, _checkpointBegin, _checkpointEnd, _logToken, _keeper.LogMetadata, _index).Encode();
        }
    }

    /// <summary>
    /// To call once the caller's record of this token is durable: removes what only older checkpoints needed, and prepares the
    /// index for later ones. An <see cref="IOException"/> of a removal leaves files to the next call.
    /// </summary>
    public void Release(ReadOnlySpan<byte> token)
    {
        CheckpointToken released = CheckpointToken.Decode(token, _directory);
        lock (_maintenance)
        {
            ThrowIfFailed();
            RemoveIndexesBut(released.Index, _index);
            _device.AwaitReadersBefore(released.Begin);
            _segments.DeleteBefore(released.Begin);
            if (!_isCheckpointing && _pages.Log.TailAddress - (_index?.Address ?? 0) > _options.IndexInterval)
                TakeIndex();
        }
    }

    /// <summary>
    /// Keeps the log under about twice what is live in it, plus what memory holds: copies live pages out of the oldest part, a
    /// piece a call. Returns true when it did, so that another call may do more; the next checkpoint and its release then free
    /// the space. False during a checkpoint, while the device is failing, and where the copies find no room beside
    /// <paramref name="promised"/> bytes of writes to come. Other threads go on reading and writing.
    /// </summary>
    public bool Compact(long promised = 0)
    {
        if (_isCheckpointing || IsFailing)
            return false;
        lock (_maintenance)
        {
            ThrowIfFailed();
            if (_isCheckpointing || LogLength <= (2 * LiveLength) + _options.Memory)
                return false;

            // What is in memory is left alone: it is new.
            LogAccessor<long, SpanByte> log = _pages.Log;
            long until = Math.Min(log.BeginAddress + _options.CompactionLength, log.HeadAddress)
                / _options.LogPageLength * _options.LogPageLength;
            if (until <= log.BeginAddress || !TryReserve(promised + until - log.BeginAddress))
                return false;
            using SessionLease lease = _sessions.Rent();
            try
            {
                lease.Session.Compact(until);
            }
            catch (FasterException failure)
            {
                throw Fail("A part of the page file could not be read.", _device.ReadFailure ?? failure);
            }

            lease.Done();
            ThrowIfFailed();
            return true;
        }
    }

    /// <summary>
    /// True when the disk's space for so many bytes of writes to come is certain; false when the disk has no room for them.
    /// Includes what a checkpoint writes of the log. A page takes <see cref="RecordLength"/>; an image changed twice may take
    /// twice that.
    /// </summary>
    public bool TryReserve(long bytes) => _device.TryReserve(_pages.Log.TailAddress + bytes);

    /// <summary>
    /// True where a page can be written without waiting for room, by as many threads at a time as there are sessions:
    /// <see cref="TryReserve"/> has made sure of it.
    /// </summary>
    public bool HasRoom => _device.HasRoom(_pages.Log.TailAddress + ((_options.SessionCountMax + 1) * (long)RecordLength));

    /// <summary>Ends with a <see cref="DiskFullException"/> unless <see cref="HasRoom"/>.</summary>
    public void RequireRoom()
    {
        if (!HasRoom)
            throw new DiskFullException("No room on the disk for the page file.", Failure);
    }

    /// <summary>
    /// Closes the file. What came after the last checkpoint is dropped, also what the device could not write; calls that wait
    /// for it end with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _device.Stop();
        lock (_maintenance)
        {
            _sessions.Close();
            _pages.Dispose();
            _keeper.Dispose();
            _segments.Dispose();
        }

        // The last writer may still be on its way out.
        _writers.EnterWriteLock();
        _writers.ExitWriteLock();
        _writers.Dispose();
    }

    private void Recover(CheckpointToken token)
    {
        try
        {
            _pages.Recover(token.Index?.Token ?? default, token.Log);
        }
        catch (FasterException failure)
        {
            throw Fail("The page file could not be read.", _device.ReadFailure ?? failure);
        }

        ThrowIfFailed();
        _keeper.FreeIndex();
        _pages.DisposeRecoverableSessions();
        if (_pages.Log.TailAddress != token.End || _pages.Log.BeginAddress != token.Begin)
            throw new CorruptionException(_directory, 0, "FASTER's metadata and the checkpoint token differ");
        _checkpointEnd = token.End;
    }

    // A snapshot is only a shorter way for recovery: one that cannot be written now is written after the next checkpoint.
    private void TakeIndex()
    {
        Guid token;
        long address;
        _writers.EnterWriteLock();
        try
        {
            address = _pages.Log.TailAddress;
            bool begun = _pages.TryInitiateIndexCheckpoint(out token);
            Invariant.Check(begun, "FASTER has no other checkpoint under way");
        }
        finally
        {
            _writers.ExitWriteLock();
        }

        // It goes to memory: a device that takes nothing now is no hindrance.
        while (!TryRefreshUntilRest())
            _device.AwaitProgress();
        try
        {
            _index = IndexSnapshot.Write(
                _volume, _directory, token, address, _keeper.IndexBytes, _keeper.IndexMetadata);
        }
        catch (IOException)
        {
            // The part of a file goes with the next release.
        }
        finally
        {
            _keeper.FreeIndex();
        }
    }

    /// <summary>Waits for FASTER's part of the checkpoint; gives it up while the device does not take what is written.</summary>
    private void Complete()
    {
        bool isAtRest = TryRefreshUntilRest();
        _isGivenUp = !isAtRest;
        if (!isAtRest)
            throw new DiskFullException("The page file waits for room on the disk.", _device.WriteFailure);
        _isCheckpointing = false;
    }

    /// <summary>Moves FASTER on until nothing is under way; false when that waits for a device that does not take what is written.</summary>
    private bool TryRefreshUntilRest()
    {
        using SessionLease lease = _sessions.Rent();
        bool isAtRest;
        while (true)
        {
            lease.Session.Refresh();
            isAtRest = _pages.SystemState.Phase == Phase.REST;
            if (isAtRest || IsFailing)
                break;
            _device.AwaitProgress();
        }

        lease.Done();
        return isAtRest;
    }

    private void RemoveIndexesBut(IndexSnapshot? first, IndexSnapshot? second)
    {
        foreach (string name in _volume.List(_directory))
        {
            if (IndexSnapshot.IsFileName(name) && name != first?.FileName && name != second?.FileName)
                _volume.Delete($"{_directory}/{name}");
        }
    }

    private PageFileFailedException Fail(string message, Exception cause)
    {
        _failure ??= new PageFileFailedException(message, cause);
        return _failure;
    }

    private void ThrowIfFailed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_device.SyncFailure is { } syncFailure)
            Fail(NotSynced, syncFailure);
        if (_device.ReadFailure is { } readFailure)
            Fail("A part of the page file could not be read.", readFailure);
        if (_failure is { } failure)
            throw new PageFileFailedException(failure.Message, failure);
    }
}
