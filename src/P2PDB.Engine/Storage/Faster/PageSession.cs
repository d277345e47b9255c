using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// One of FASTER's sessions: what a thread needs to work in it. Any thread may use it, one at a time.
/// </summary>
/// <remarks>
/// Operations carry no serial numbers (-1): FASTER would list each session with one in every checkpoint, for ever.
/// </remarks>
internal sealed class PageSession : IDisposable
{
    private const long NoSerial = -1;
    private readonly PageFunctions _functions = new();
    private readonly ClientSession<long, SpanByte, ImageTarget, Empty, Empty, PageFunctions> _session;

    /// <summary>Opens a session: 13 µs and 8.7 kB, so keep it.</summary>
    public PageSession(FasterKV<long, SpanByte> pages) =>
        _session = pages.For(_functions).NewSession<PageFunctions>();

    /// <summary>Copies the image of a page; false when there is none.</summary>
    // SAFETY: the image is pinned for the whole read, CompletePending included; its length was checked by the page file.
    public unsafe bool Read(long page, Span<byte> image)
    {
        fixed (byte* address = image)
        {
            var target = new ImageTarget((nint)address);
            Empty output = default;
            Status status = _session.Read(ref page, ref target, ref output, serialNo: NoSerial);
            if (!status.IsPending)
                return status.Found;

            // The device reads inline, so that this has nothing to wait for.
            _session.CompletePending(wait: true);
            return _functions.DeviceReadFound;
        }
    }

    /// <summary>Copies an image into the log; waits while memory is full of what the disk does not take.</summary>
    // SAFETY: the image is pinned for the whole write; FASTER copies it.
    public unsafe void Write(long page, ReadOnlySpan<byte> image)
    {
        fixed (byte* address = image)
        {
            SpanByte value = SpanByte.FromPointer(address, image.Length);
            Status status = _session.Upsert(ref page, ref value, serialNo: NoSerial);
            Invariant.Check(status.IsCompletedSuccessfully, "a write completes");
        }
    }

    /// <summary>Removes a page.</summary>
    public void Delete(long page)
    {
        Status status = _session.Delete(ref page, serialNo: NoSerial);
        Invariant.Check(!status.IsPending && !status.IsFaulted, "a delete completes");
    }

    /// <summary>Takes part in FASTER's state machine: moves a checkpoint on.</summary>
    public void Refresh() => _session.Refresh();

    /// <summary>Copies what is live before an address to the log's end, and forgets what was there.</summary>
    public void Compact(long until) => _session.Compact(until, CompactionType.Lookup);

    /// <summary>Ends the session.</summary>
    public void Dispose() => _session.Dispose();
}
