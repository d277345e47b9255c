// A commit may be larger than memory. Pages that it makes (Create) nobody else knows: between two changes the writer spills
// them to the page file, under their own numbers, and takes them back when it touches them again. Pages that others know
// cannot be spilled, nor the old versions behind them. Once those are many (MustMove), in this commit or kept for readers of
// the past, the trees give a page that is touched another number: a page of this commit's own, and the old page, which no
// state to come refers to, is a page like others.
//
// A crash leaves spilled pages in the page file under numbers that the last checkpoint has among the unused.
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>The pages that the write under way has touched and made; see the prose above and <see cref="PageCache"/>. For the writer.</summary>
internal sealed class PendingPages(PageCache cache, FasterPageFile file, SnapshotRegistry<PageRoot> snapshots)
{
    private const int NoFrame = PageTable.NoFrame;

    private readonly List<int> _touched = [];
    private readonly HashSet<long> _spilled = [];
    private int _copyCount;

    /// <summary>
    /// The frame of a page's pending version, made where this write has not touched the page yet. False where the page must move to
    /// another number instead, see <see cref="CreateFrom"/>.
    /// </summary>
    public bool TryTouch(long page, out int frame)
    {
        ref int cell = ref cache.CellOf(page);
        frame = Volatile.Read(ref cell);
        Frame seen = frame == NoFrame ? default : cache.FrameAt(frame);
        bool isHere = frame != NoFrame && seen.Page == page;
        if (isHere && seen.Commit == Frame.Pending)
        {
            cache.FrameAt(frame).IsUsed = true;
            return true;
        }

        bool isOwn = _spilled.Contains(page);
        if (!isOwn && (isHere ? MustMove(seen.Commit, seen.Since) : MustMove(0, 0)))
            return false;
        int old = cache.Pin(page, Frame.Pending);
        if (isOwn)
            TakeBack(frame = old);
        else
            frame = Copy(old, page, ref cell);
        cache.Unpin(old);
        _touched.Add(frame);
        return true;
    }

    /// <summary>The frame of a page that does not exist yet; its image is not cleared.</summary>
    public int Create(long page)
    {
        ref int cell = ref cache.CellOf(page);
        Invariant.Check(cell == NoFrame, "a new page is in no frame");
        int frame = cache.AllocateForWriter();
        Start(frame, page, Frame.Pending);
        Volatile.Write(ref cell, frame);
        cache.Unclaim(frame);
        _touched.Add(frame);
        return frame;
    }

    /// <summary>The frame of a page that does not exist yet, with the image of another.</summary>
    public int CreateFrom(long page, long source)
    {
        int frame = Create(page);
        int pinned = cache.Pin(source, Frame.Pending);
        cache.Image(pinned).CopyTo(cache.Image(frame));
        cache.Unpin(pinned);
        PageFormat.SetNumber(cache.Image(frame), page);
        return frame;
    }

    /// <summary>
    /// While the writer holds no image: spills pages that this write made once it has touched half of what fits into memory. Waits
    /// for room on the disk only when all of it would be taken.
    /// </summary>
    public void Spill()
    {
        if (_touched.Count < cache.FrameLimit / 2)
            return;
        while (!cache.TryFindRoom())
        {
            if (_touched.Count < cache.FrameLimit)
                return;
            cache.WaitForRoom();
        }

        // Those first that were not used since the last time.
        for (int round = 0; round < 2; round++)
        {
            int excess = _touched.Count - (cache.FrameLimit * 3 / 8);
            int kept = 0;
            for (int i = 0; i < _touched.Count; i++)
            {
                int frame = _touched[i];
                if (excess > 0 && TrySpill(frame, spareUsed: round == 0))
                    excess--;
                else
                    _touched[kept++] = frame;
            }

            _touched.RemoveRange(kept, _touched.Count - kept);
        }
    }

    /// <summary>Gives the pending versions their commit number: call before the state that refers to them is published.</summary>
    public void Number(long commit)
    {
        foreach (int frame in _touched)
        {
            ref Frame numbered = ref cache.FrameAt(frame);
            if (numbered.Older != NoFrame)
                cache.FrameAt(numbered.Older).Superseded = commit;
            if (numbered.Since == Frame.Pending)
                numbered.Since = commit;
            Volatile.Write(ref numbered.Commit, commit);
        }
    }

    /// <summary>After publishing: nothing is pending, and versions that nobody can see any more are freed.</summary>
    public void Settle()
    {
        cache.Retire(_touched);
        Forget();
    }

    /// <summary>Takes all pending versions back, and the pages that were spilled.</summary>
    public void Abort()
    {
        cache.Unlink(_touched);
        foreach (long page in _spilled)
        {
            cache.Discard(page);
            if (cache.TryFindRoom())
                file.Delete(page);
        }

        Forget();
    }

    private int Copy(int old, long page, ref int cell)
    {
        int frame = cache.AllocateForWriter();
        cache.Image(old).CopyTo(cache.Image(frame));
        Start(frame, page, cache.FrameAt(old).Since);
        _copyCount++;
        cache.Link(frame, old, ref cell);
        return frame;
    }

    private void Start(int frame, long page, long since)
    {
        ref Frame started = ref cache.FrameAt(frame);
        started.Older = NoFrame;
        started.Page = page;
        started.Since = since;
        started.Superseded = Frame.Pending;
        started.IsUsed = true;
        Volatile.Write(ref started.Commit, Frame.Pending);
        cache.MarkDirty(frame);
    }

    /// <summary>
    /// True where a version of a page that others know is not to be copied, because too many frames that nobody can take hold what
    /// this write has copied, what readers of the past see (as they would this), or what awaits the end of a checkpoint.
    /// </summary>
    private bool MustMove(long commit, long since)
    {
        int limit = cache.FrameLimit / 4;
        if (_copyCount >= limit)
            return true;
        if (cache.RetainedCount >= limit && snapshots.AnyIn(commit, snapshots.Current.CommitNumber))
            return true;
        long checkpoint = cache.Checkpoint;
        return checkpoint != Frame.Pending && since <= checkpoint && cache.DirtyCount >= 2 * limit;
    }

    /// <summary>Writes a page that this commit made to the page file and frees its frame; false where it stays.</summary>
    private bool TrySpill(int frame, bool spareUsed)
    {
        ref Frame held = ref cache.FrameAt(frame);
        if (held.Older != NoFrame)
            return false;
        if (spareUsed && held.IsUsed)
        {
            held.IsUsed = false;
            return false;
        }

        // Pinned by a cursor of this write, or for an instant by who looks at the frame for another page.
        long page = held.Page;
        if (!file.HasRoom || !cache.TryClaim(frame, page))
            return false;
        cache.Write(frame);
        Volatile.Write(ref cache.CellOf(page), NoFrame);
        _spilled.Add(page);
        cache.Release(frame);
        return true;
    }

    /// <summary>Makes a page that was spilled pending again; it is pinned.</summary>
    private void TakeBack(int frame)
    {
        ref Frame held = ref cache.FrameAt(frame);
        _spilled.Remove(held.Page);
        held.Since = Frame.Pending;
        Volatile.Write(ref held.Commit, Frame.Pending);
        cache.MarkDirty(frame);
    }

    private void Forget()
    {
        _touched.Clear();
        _copyCount = 0;
        if (_spilled.Count > 0)
        {
            _spilled.Clear();
            _spilled.TrimExcess();
        }
    }
}
