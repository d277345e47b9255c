// The cache: 16 KiB frames of native memory between the trees and the page file.
//
// A page has versions. A write never changes what readers may see: the first time that a commit touches a page, it copies
// it to another frame, links the old version behind (Older), and makes the copy the newest (the page's cell in the table).
// Readers at commit number S take the first version on the way from the newest whose Commit is at most S. Publishing gives
// the new versions their number; an old version is freed as soon as no reader's number lies in [Commit, Superseded).
//
// INVARIANTS
// 1. The bytes of a published version never change. Whoever has pinned a frame can read it without any lock.
// 2. A frame is taken away (evicted, freed) only by who turned its pins from 0 to Claimed. Whoever pins looks afterwards
//    whether the frame still is what was looked for, and starts again otherwise: a frame can be another page by then.
// 3. Only the newest version of a page is evicted, only when no older one is linked (then every reader that can reach the
//    page sees this version: after it comes back its Commit is 0), and never one that is not published; those the writer
//    spills itself, while it holds no image.
// 4. While a checkpoint at P is being written, dirty versions after P of pages that P has stay in memory, so that the page
//    file has exactly P. Of a page whose number came into use after P it may have anything: P has it among the unused.
// 5. One thread writes at a time. Versions are linked and freed under _versions.
// 6. A dirty page is evicted only where the page file has made sure of room for it: with a full disk dirty pages stay in
//    memory, and whoever needs a frame takes that of a clean page. Only the writer ever waits for room.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>Pages in memory, by number and version; see the prose above. Safe for many readers and one writer.</summary>
internal sealed class PageCache : IDisposable
{
    /// <summary>Bytes of memory per frame.</summary>
    public const int FrameLength = 16384;

    private const int ChunkFrames = 256;

    /// <summary>Chunks begin where the system's large pages do.</summary>
    private const int ChunkAlignment = 2 << 20;

    private const int NoFrame = PageTable.NoFrame;

    /// <summary>Frames that only readers may take, so that they go on while the writer waits.</summary>
    private const int ReaderFrames = 4 * ChunkFrames;

    /// <summary>Bytes of the page file's log that evictions make sure of at a time.</summary>
    private const long EvictionLength = 64 * FasterPageFile.RecordLength;

    private const string NoMemory = "what is pinned or not yet committed does not fit into twice the memory that the store may use";

    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(50);

    private readonly FasterPageFile _file;
    private readonly SnapshotRegistry<PageRoot> _snapshots;
    private readonly int _frameLimit;
    private readonly Lock _allocation = new();
    private readonly Lock _versions = new();
    private readonly object _waiting = new();
    private readonly Lock[] _faults = new Lock[64];
    private readonly Stack<int> _free = new();
    private readonly Queue<int> _retained = new();
    private readonly List<int> _limbo = [];
    private readonly PageTable _table = new();
    private readonly Frame[] _frames;
    private readonly nint[] _chunks;
    private int _frameCount;
    private int _hand;
    private long _checkpoint = Frame.Pending;
    private int _dirtyCount;
    private bool _isEnding;

    public PageCache(FasterPageFile file, SnapshotRegistry<PageRoot> snapshots, long memory)
    {
        _file = file;
        _snapshots = snapshots;
        _frameLimit = (int)Math.Clamp(memory / FrameLength, 64, int.MaxValue / 4);
        _frames = new Frame[(_frameLimit * 2) + (16 * ChunkFrames)];
        _chunks = new nint[(_frames.Length / ChunkFrames) + 1];
        foreach (ref Lock stripe in _faults.AsSpan())
            stripe = new Lock();
    }

    /// <summary>Frames that fit into the memory that the cache may use.</summary>
    public int FrameLimit => _frameLimit;

    /// <summary>Frames of memory taken from the system.</summary>
    public int FrameCount => _frameCount;

    /// <summary>Commit number of the checkpoint being written; <see cref="Frame.Pending"/> when none is.</summary>
    public long Checkpoint => Volatile.Read(ref _checkpoint);

    /// <summary>Versions that the page file does not have.</summary>
    public int DirtyCount => Volatile.Read(ref _dirtyCount);

    /// <summary>Versions kept only for readers of the past.</summary>
    public int RetainedCount
    {
        get
        {
            lock (_versions)
                return _retained.Count;
        }
    }

    /// <summary>What is known about a frame; for the writer's pages.</summary>
    public ref Frame FrameAt(int frame) => ref _frames[frame];

    /// <summary>The cell of a page in the table; for the writer's pages.</summary>
    public ref int CellOf(long page) => ref _table.CellOf(page);

    /// <summary>The image in a frame that the caller has pinned (or, for the writer, touched): to be read until it is let go.</summary>
    // SAFETY: chunks are freed only by Dispose; frame numbers come from this cache and lie in an allocated chunk.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Span<byte> Image(int frame) =>
        new((byte*)_chunks[frame / ChunkFrames] + ((frame % ChunkFrames) * FrameLength), PageFormat.ImageLength);

    /// <summary>Pins the version of a page that a reader at a commit number sees. <see cref="Unpin"/> it soon.</summary>
    public int Pin(long page, long commit)
    {
        SpinWait spin = default;
        while (true)
        {
            ref int cell = ref _table.CellOf(page);
            int frame = Volatile.Read(ref cell);
            if (frame == NoFrame)
            {
                Fault(page, ref cell);
                continue;
            }

            if (TryPin(frame, page))
            {
                while (frame != NoFrame && Volatile.Read(ref _frames[frame].Commit) > commit)
                    frame = Older(frame, page);
                if (frame != NoFrame)
                {
                    _frames[frame].IsUsed = true;
                    return frame;
                }
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Lets go of a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unpin(int frame) => Interlocked.Decrement(ref _frames[frame].Pins);

    /// <summary>Puts a version that was allocated before the newest one of its page, which the caller has pinned.</summary>
    public void Link(int frame, int old, ref int cell)
    {
        lock (_versions)
        {
            _frames[frame].Older = old;
            Volatile.Write(ref cell, frame);
        }

        Unclaim(frame);
    }

    /// <summary>After publishing: frees the versions before these where nobody can see them any more.</summary>
    public void Retire(List<int> published)
    {
        lock (_versions)
        {
            foreach (int frame in published)
            {
                if (_frames[frame].Older is var older and not NoFrame)
                    _retained.Enqueue(older);
            }

            Sweep(published.Count + 32);
        }
    }

    /// <summary>Takes versions that were not published back.</summary>
    public void Unlink(List<int> pending)
    {
        lock (_versions)
        {
            foreach (int frame in pending)
            {
                Volatile.Write(ref _table.CellOf(_frames[frame].Page), _frames[frame].Older);
                Free(frame);
            }
        }
    }

    /// <summary>Forgets a page that no tree and no reader refers to any more.</summary>
    public void Discard(long page)
    {
        lock (_versions)
        {
            ref int cell = ref _table.CellOf(page);
            int frame = cell;
            if (frame != NoFrame && _frames[frame].Older != NoFrame)
            {
                Sweep(_retained.Count);
                Invariant.Check(_frames[frame].Older == NoFrame, "nobody sees an old version of a page that is freed");
            }

            SpinWait spin = default;
            while (frame != NoFrame)
            {
                if (TryClaim(frame, page))
                {
                    Volatile.Write(ref cell, NoFrame);
                    Release(frame);
                    return;
                }

                // Pinned for an instant by who looks at the frame for another page, or being evicted.
                spin.SpinOnce();
                frame = Volatile.Read(ref cell);
            }
        }
    }

    /// <summary>
    /// Writes the dirty pages that a reader at the commit number sees to the page file. Until <see cref="EndCheckpoint"/> nothing
    /// newer goes there; the caller holds a snapshot of that number meanwhile.
    /// </summary>
    public void WriteCheckpoint(long commit)
    {
        Invariant.Check(Interlocked.CompareExchange(ref _checkpoint, commit, Frame.Pending) == Frame.Pending, "one checkpoint at a time");

        // An eviction that began before may be writing a newer version: once we had the lock it is over.
        lock (_allocation)
        {
        }

        for (int frame = 0; frame < Volatile.Read(ref _frameCount); frame++)
        {
            Frame seen = _frames[frame];
            if (!seen.IsDirty || seen.Commit > commit || !TryPin(frame, seen.Page))
                continue;
            ref Frame pinned = ref _frames[frame];
            try
            {
                if (pinned.IsDirty && pinned.Commit <= commit && Volatile.Read(ref pinned.Superseded) > commit)
                {
                    _file.RequireRoom();
                    Write(frame);
                }
            }
            finally
            {
                Unpin(frame);
            }
        }
    }

    /// <summary>The page file has begun its checkpoint: newer versions may go there again.</summary>
    public void EndCheckpoint()
    {
        Volatile.Write(ref _checkpoint, Frame.Pending);
        lock (_waiting)
            Monitor.PulseAll(_waiting);
    }

    /// <summary>True where some pages can be written to the page file without waiting for room on the disk.</summary>
    public bool TryFindRoom() => _file.HasRoom || _file.TryReserve(EvictionLength);

    /// <summary>Waits a while, or until a checkpoint has ended.</summary>
    public void WaitForRoom()
    {
        lock (_waiting)
        {
            if (_isEnding)
                throw new DiskFullException("No room on the disk for what was committed.");
            Monitor.Wait(_waiting, RoomPause);
        }
    }

    /// <summary>A writer that waits for room on the disk gives up, now and from now on.</summary>
    public void EndWaiting()
    {
        lock (_waiting)
        {
            _isEnding = true;
            Monitor.PulseAll(_waiting);
        }
    }

    /// <summary>Frees all memory. Nobody may use the cache any more.</summary>
    public void Dispose()
    {
        foreach (ref nint chunk in _chunks.AsSpan())
        {
            // SAFETY: the chunk came from AlignedAlloc, or is null; nobody uses the cache any more.
            unsafe
            {
                NativeMemory.AlignedFree((void*)chunk);
            }

            chunk = 0;
        }

        _frameCount = 0;
    }

    /// <summary>True when the frame is pinned now and holds a version of the page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPin(int frame, long page)
    {
        ref Frame held = ref _frames[frame];
        if (Interlocked.Increment(ref held.Pins) > 0 && held.Page == page)
            return true;
        Interlocked.Decrement(ref held.Pins);
        return false;
    }

    /// <summary>Goes from a pinned version to the one before it, pinned; or lets go and says that the reader must start again.</summary>
    private int Older(int frame, long page)
    {
        int older = Volatile.Read(ref _frames[frame].Older);
        bool isPinned = older != NoFrame && TryPin(older, page);
        Unpin(frame);
        return isPinned ? older : NoFrame;
    }

    /// <summary>True when the frame is ours alone now and holds the page.</summary>
    public bool TryClaim(int frame, long page)
    {
        ref Frame held = ref _frames[frame];
        if (Interlocked.CompareExchange(ref held.Pins, Frame.Claimed, 0) != 0)
            return false;
        if (held.Page == page)
            return true;
        Unclaim(frame);
        return false;
    }

    /// <summary>Added, not set: somebody may be looking at the frame and count himself in and out.</summary>
    public void Unclaim(int frame) => Interlocked.Add(ref _frames[frame].Pins, -Frame.Claimed);

    /// <summary>Reads a page that is in no frame.</summary>
    private void Fault(long page, ref int cell)
    {
        lock (_faults[page & 63])
        {
            if (Volatile.Read(ref cell) != NoFrame)
                return;
            int frame = AllocateForReader();
            Span<byte> image = Image(frame);
            try
            {
                Invariant.Check(_file.TryRead(page, image), "a page that a tree refers to is in a frame or in the page file");
                PageFormat.Check(image, page);
            }
            catch
            {
                lock (_allocation)
                    _free.Push(frame);
                throw;
            }

            ref Frame read = ref _frames[frame];
            read.Older = NoFrame;
            read.Page = page;
            read.Commit = 0;
            read.Since = 0;
            read.Superseded = Frame.Pending;
            read.IsDirty = false;
            read.IsUsed = true;
            Unclaim(frame);
            Volatile.Write(ref cell, frame);
        }
    }

    private int AllocateForReader() =>
        TryAllocate(_frames.Length, out int frame) ? frame : throw new InsufficientMemoryException(NoMemory);

    /// <summary>For the writer: a claimed frame, waited for where need be.</summary>
    public int AllocateForWriter()
    {
        int frame;
        while (!TryAllocate(_frames.Length - ReaderFrames, out frame))
        {
            // Frames that await the end of a checkpoint, or room on the disk, will be free; those of this write will not.
            if (Volatile.Read(ref _checkpoint) == Frame.Pending && _file.HasRoom)
                throw new InsufficientMemoryException(NoMemory);
            WaitForRoom();
        }

        return frame;
    }

    /// <summary>
    /// A claimed frame: one that is free, one whose page was evicted, or new memory up to a limit; that too when everything is
    /// pinned, pending, or awaits a checkpoint or room: late is better than never.
    /// </summary>
    private bool TryAllocate(int limit, out int frame)
    {
        lock (_allocation)
        {
            if (_free.TryPop(out frame) || (_frameCount >= _frameLimit && TryEvict(out frame)))
                return true;
            if (_frameCount + ChunkFrames > limit)
                return false;
            Grow();
            frame = _free.Pop();
            return true;
        }
    }

    private void Grow()
    {
        int chunk = _frameCount / ChunkFrames;
        // SAFETY: the memory is written before it is read: frames are filled when they are claimed. Dispose frees it.
        unsafe
        {
            _chunks[chunk] = (nint)NativeMemory.AlignedAlloc(ChunkFrames * FrameLength, ChunkAlignment);
        }

        // PERF: a scan of 100 rows in 1 M touches leaves all over the cache: docs/benchmarks.md, P2PDB.Stores.
        SystemCalls.PreferLargePages(_chunks[chunk], ChunkFrames * FrameLength);
        for (int i = ChunkFrames - 1; i >= 0; i--)
        {
            _frames[_frameCount + i].Pins = Frame.Claimed;
            _free.Push(_frameCount + i);
        }

        Volatile.Write(ref _frameCount, _frameCount + ChunkFrames);
    }

    /// <summary>Takes the frame of a page that was not used for a while. The clock goes round twice at most.</summary>
    private bool TryEvict(out int frame)
    {
        bool hasRoom = TryFindRoom();
        long checkpoint = Volatile.Read(ref _checkpoint);
        for (int i = 0; i < _frameCount * 2; i++)
        {
            frame = _hand;
            _hand = _hand + 1 == _frameCount ? 0 : _hand + 1;
            ref Frame held = ref _frames[frame];
            if (held.Pins != 0)
                continue;
            if (held.IsUsed)
            {
                held.IsUsed = false;
                continue;
            }

            if (TryClaim(frame, held.Page))
            {
                ref int cell = ref _table.CellOf(held.Page);
                if (Volatile.Read(ref cell) == frame && held.Older == NoFrame && held.Commit != Frame.Pending
                    && (!held.IsDirty || (hasRoom && (held.Commit <= checkpoint || held.Since > checkpoint))))
                {
                    if (held.IsDirty)
                        Write(frame);
                    Volatile.Write(ref cell, NoFrame);
                    return true;
                }

                Unclaim(frame);
            }
        }

        frame = NoFrame;
        return false;
    }

    /// <summary>Writes a frame that the caller has pinned or claimed to the page file.</summary>
    public void Write(int frame)
    {
        Span<byte> image = Image(frame);
        PageFormat.Seal(image);
        _file.Write(_frames[frame].Page, image);
        Clean(frame);
    }

    /// <summary>The page file does not have this version.</summary>
    public void MarkDirty(int frame)
    {
        _frames[frame].IsDirty = true;
        Interlocked.Increment(ref _dirtyCount);
    }

    private void Clean(int frame)
    {
        _frames[frame].IsDirty = false;
        Interlocked.Decrement(ref _dirtyCount);
    }

    /// <summary>Looks at some of the versions that were kept and frees those that nobody needs; under _versions.</summary>
    private void Sweep(int count)
    {
        for (int i = Math.Min(count, _retained.Count); i > 0; i--)
        {
            int frame = _retained.Dequeue();
            ref Frame old = ref _frames[frame];
            if (_snapshots.AnyIn(old.Commit, old.Superseded))
                _retained.Enqueue(frame);
            else
                Unlink(frame);
        }

        for (int i = _limbo.Count - 1; i >= 0; i--)
        {
            if (Interlocked.CompareExchange(ref _frames[_limbo[i]].Pins, Frame.Claimed, 0) == 0)
            {
                Release(_limbo[i]);
                _limbo.RemoveAt(i);
            }
        }
    }

    /// <summary>Takes a version out of the chain of its page and frees it.</summary>
    private void Unlink(int frame)
    {
        ref Frame gone = ref _frames[frame];
        int newer = Volatile.Read(ref _table.CellOf(gone.Page));
        while (newer != NoFrame && _frames[newer].Older != frame)
            newer = _frames[newer].Older;
        Invariant.Check(newer != NoFrame, "an old version hangs behind a newer one");
        Volatile.Write(ref _frames[newer].Older, gone.Older);
        Free(frame);
    }

    private void Free(int frame)
    {
        // Who looks at it just now lets go soon; a cursor may take longer.
        if (Interlocked.CompareExchange(ref _frames[frame].Pins, Frame.Claimed, 0) == 0)
            Release(frame);
        else
            _limbo.Add(frame);
    }

    /// <summary>Frees a claimed frame.</summary>
    public void Release(int frame)
    {
        if (_frames[frame].IsDirty)
            Clean(frame);
        _frames[frame].Page = 0;
        lock (_allocation)
            _free.Push(frame);
    }
}
