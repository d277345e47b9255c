using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FASTER.core;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Faster;

// FASTER believes that a device never fails: a write reported as failed stops its log for good; of a failed read, a lookup takes
// what is in the buffer for a record, and a scan waits for ever. So:
// - A write goes into a queue and is tried by one thread, in order, until it succeeds. Only then does FASTER hear of it.
//   The queue needs no bound of its own: a write is a log page in memory or a part of one, and memory holds few.
// - What is written is synced a little at a time, so that a checkpoint's sync at its end, and with it a commit, never waits for much. A
//   sync that fails is not tried again: SyncFailure is set, and whoever uses the file asks for that.
// - FASTER writes whole log pages, again and again while a page fills. Only the part is written that is new and can change no
//   more: from where the page's last write ended, to where the log is read-only.
// - A read is done on the calling thread. If it fails, FASTER gets records of no page, invalid and without a predecessor, so that
//   lookups and scans end, and ReadFailure is set before: whoever looked asks for that before believing what FASTER says.
// - FASTER asks to remove segments once they are before the log's begin. They stay: an older checkpoint may need them.

/// <summary>The device under FASTER's log.</summary>
internal sealed class FasterDevice : StorageDeviceBase
{
    private const int SectorLength = 512;

    // As a record's header it is invalid and names none before; as its key it is no page; as its length none: at whatever word of
    // a record a read begins.
    private const long NoRecord = long.MinValue;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);
    private readonly LogSegments _segments;
    private readonly int _logPageLength;
    private readonly Thread _writer;
    private readonly object _gate = new();
    private readonly Lock _reserving = new();
    private readonly Queue<PendingWrite> _queue = new();
    private readonly Dictionary<long, long> _writtenUntil = [];
    private LogAccessor<long, SpanByte>? _log;
    private bool _isStopped;
    private bool _retryAtOnce;
    private volatile Exception? _writeFailure;
    private volatile Exception? _readFailure;
    private volatile Exception? _syncFailure;
    private int _unsyncedLength;

    /// <summary>Starts the writing thread.</summary>
    public FasterDevice(LogSegments segments, PageFileOptions options)
        : base("log", SectorLength, FASTER.core.Devices.CAPACITY_UNSPECIFIED)
    {
        _segments = segments;
        _logPageLength = options.LogPageLength;
        _writer = new Thread(WriteAll) { Name = "page file writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Why the last try of a write failed; null when it did not.</summary>
    public Exception? WriteFailure => _writeFailure;

    /// <summary>Why the first read that failed did so: FASTER's answers since are not to be believed.</summary>
    public Exception? ReadFailure => _readFailure;

    /// <summary>Why the first sync that failed did so: what the disk has is unknown since.</summary>
    public Exception? SyncFailure => _syncFailure;

    /// <summary>Names FASTER's log, once, before the first write.</summary>
    public void Attach(LogAccessor<long, SpanByte> log) => _log = log;

    /// <inheritdoc/>
    public override void WriteAsync(
        nint sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        long page = (segmentId * segmentSize) + (long)destinationAddress;
        lock (_gate)
        {
            // The log is read-only to there before FASTER writes it.
            long end = Math.Min(page + numBytesToWrite, _log!.SafeReadOnlyAddress);
            long start = Math.Min(_writtenUntil.GetValueOrDefault(page, page), end);
            if (end == page + _logPageLength)
                _writtenUntil.Remove(page);
            else
                _writtenUntil[page] = end;
            if (!_isStopped)
            {
                _queue.Enqueue(new PendingWrite(
                    sourceAddress + (nint)(start - page), start, (int)(end - start), numBytesToWrite, callback, context));
                Monitor.PulseAll(_gate);
                return;
            }
        }

        callback(0, numBytesToWrite, context);
    }

    /// <inheritdoc/>
    // SAFETY: FASTER owns the target, of the length it says, until the callback.
    public override unsafe void ReadAsync(
        int segmentId, ulong sourceAddress, nint destinationAddress, uint readLength,
        DeviceIOCompletionCallback callback, object context)
    {
        var target = new Span<byte>((void*)destinationAddress, (int)readLength);
        try
        {
            _segments.Read((segmentId * segmentSize) + (long)sourceAddress, target);
        }
        catch (Exception failure) when (failure is IOException or CorruptionException or ObjectDisposedException)
        {
            _readFailure ??= failure;
            MemoryMarshal.Cast<byte, long>(target).Fill(NoRecord);
        }

        callback(0, readLength, context);
    }

    /// <summary>Waits until a write was done, or for a moment.</summary>
    public void AwaitProgress()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopped, typeof(FasterPageFile));
            Monitor.Wait(_gate, TimeSpan.FromMilliseconds(_queue.Count > 0 ? 50 : 1));
        }
    }

    /// <summary>True while the device takes what is written and its space is certain up to an address of the log.</summary>
    public bool HasRoom(long end) => _writeFailure is null && _segments.ReservedUntil >= end;

    /// <summary>
    /// Makes sure of the disk's space up to an address of the log; false when there is no room. What waits for room is tried again.
    /// </summary>
    public bool TryReserve(long end)
    {
        if (HasRoom(end))
            return true;
        lock (_reserving)
        {
            try
            {
                _segments.Reserve(end);
            }
            catch (IOException)
            {
                return false;
            }
        }

        lock (_gate)
        {
            _retryAtOnce = true;
            Monitor.PulseAll(_gate);
        }

        return true;
    }

    /// <summary>Waits until nobody reads before an address any more.</summary>
    public void AwaitReadersBefore(long address)
    {
        // Not disposed: who sets it may still be in there when the wait is over.
        var done = new ManualResetEventSlim();
        TruncateUntilSegmentAsync(_segments.SegmentOf(address), _ => done.Set(), null!);
        done.Wait();
    }

    /// <inheritdoc/>
    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => callback(result);

    /// <inheritdoc/>
    public override void TruncateUntilAddressAsync(long toAddress, AsyncCallback callback, IAsyncResult result) =>
        callback(result);

    /// <inheritdoc/>
    public override void TruncateUntilAddress(long toAddress)
    {
    }

    /// <summary>Stops writing: what waits is dropped, and whoever waits for it goes on. Call before FASTER is disposed.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }

        _writer.Join();
    }

    /// <inheritdoc/>
    [SuppressMessage("Usage", "CA1816", Justification = "FASTER's base class has no finalizer.")]
    public override void Dispose() => Stop();

    private void WriteAll()
    {
        while (true)
        {
            PendingWrite next;
            bool isDropped;
            lock (_gate)
            {
                while (!_isStopped && _queue.Count == 0)
                    Monitor.Wait(_gate);
                isDropped = _isStopped;
                if (!_queue.TryPeek(out next))
                    return;
            }

            if (!isDropped && !TryWrite(next))
                continue;
            lock (_gate)
            {
                _queue.Dequeue();
            }

            next.Callback(0, next.ReportedLength, next.Context);
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    // SAFETY: FASTER keeps a log page in memory until it hears that it is written.
    private unsafe bool TryWrite(in PendingWrite write)
    {
        try
        {
            WritePaced(write.Address, new ReadOnlySpan<byte>((void*)write.Source, write.Length));
            _writeFailure = null;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _writeFailure = failure;
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
                if (!_isStopped && !_retryAtOnce)
                    Monitor.Wait(_gate, RetryPause);
                _retryAtOnce = false;
            }

            return false;
        }
    }

    private void WritePaced(long address, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            int length = Math.Min(source.Length, StorageFile.SyncLength - _unsyncedLength);
            _segments.Write(address, source[..length]);
            address += length;
            source = source[length..];
            _unsyncedLength += length;
            if (_unsyncedLength == StorageFile.SyncLength)
                Sync();
        }
    }

    private void Sync()
    {
        _unsyncedLength = 0;
        try
        {
            _segments.Sync();
        }
        catch (IOException failure)
        {
            _syncFailure ??= failure;
        }
    }

    private readonly record struct PendingWrite(
        nint Source, long Address, int Length, uint ReportedLength, DeviceIOCompletionCallback Callback, object Context);
}
