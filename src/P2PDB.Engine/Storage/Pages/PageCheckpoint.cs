// A checkpoint writes the newest state P to the page file while writes go on behind it:
//   1. Begin, between two writes: hold P, note which page numbers P does not use.
//   2. The dirty versions that a reader at P sees go to the page file; nothing newer does meanwhile (PageCache, invariant 4).
//   3. Inner nodes that are in no page yet get one. Nodes never change, so what is below a stored node is stored.
//   4. The page file shifts its version: what is in it now is the checkpoint, newer pages may go there again.
//   5. The page file becomes durable, then the manifest that names it, by a rename. Only then is what the checkpoint before it
//      needed given up: page numbers that left, files, log.
// A crash anywhere leaves one manifest whose checkpoint is whole.
using System.Buffers;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>A checkpoint under way; see the prose above. One at a time, used by one thread.</summary>
internal sealed class PageCheckpoint : IDisposable
{
    private readonly PageStore _store;
    private readonly FasterPageFile _file;
    private readonly CountedSnapshot<PageRoot> _state;
    private readonly HashSet<long> _unused;
    private readonly List<long> _taken = [];
    private readonly long _next;
    private readonly int _left;
    private long _nextNow;

    public PageCheckpoint(PageStore store, FasterPageFile file, (List<long> Unused, long Next, int Left) numbers)
    {
        _store = store;
        _file = file;
        _state = store.Snapshots.Take();
        _unused = [.. numbers.Unused];
        _next = _nextNow = numbers.Next;
        _left = numbers.Left;
    }

    /// <summary>The commit number that is kept.</summary>
    public long CommitNumber => _state.CommitNumber;

    /// <summary>
    /// Writes the checkpoint; when it returns, a crash goes back to it. <paramref name="owner"/> is kept with it. A
    /// <see cref="DiskFullException"/> leaves the checkpoint before as the last; a new one may be tried at any time.
    /// </summary>
    public void Complete(byte[] owner)
    {
        var trees = new List<StoredTree>();
        if (!_store.TryReserve(0))
            throw new DiskFullException("No room on the disk for a checkpoint.");
        try
        {
            _store.Space.Cache.WriteCheckpoint(_state.CommitNumber);
            foreach ((TreeId id, PageRoot root) in _state.Roots.Trees)
            {
                if (root.Node is { } node)
                    Store(node);
                if (!root.IsEmpty)
                    trees.Add(new StoredTree(id, root.Node?.Page ?? root.Leaf, root.Node is null, root.HasLongValues, _store.Counts.Get(id)));
            }

            _file.BeginCheckpoint();
        }
        finally
        {
            _store.Space.Cache.EndCheckpoint();
        }

        byte[] token = _file.CompleteCheckpoint();
        for (long page = _next; page < _nextNow; page++)
            _unused.Add(page); // taken by writes since: a crash forgets those
        foreach (long page in _taken)
            _unused.Remove(page);
        _store.Keep(new StoreManifest
        {
            CommitNumber = _state.CommitNumber,
            Next = _nextNow,
            Token = token,
            Owner = owner,
            Trees = trees,
            Unused = [.. _unused],
        });
        _file.Release(token);
        _store.Space.Return(_left);
    }

    /// <summary>Lets go of the state.</summary>
    public void Dispose()
    {
        _state.Dispose();
        _store.EndCheckpoint();
    }

    private void Store(InnerNode node)
    {
        if (node.Page > 0)
            return;
        for (int i = 0; node.Level > 1 && i < node.Count; i++)
        {
            if (node.LoadedChildAt(i) is { } child)
                Store(child);
        }

        _file.RequireRoom();
        long page = _store.Space.Take();
        _taken.Add(page);
        _nextNow = Math.Max(_nextNow, page + 1);
        byte[] image = ArrayPool<byte>.Shared.Rent(PageFormat.ImageLength);
        Span<byte> bytes = image.AsSpan(0, PageFormat.ImageLength);
        InnerPage.Write(node, page, bytes);
        PageFormat.Seal(bytes);
        _file.Write(page, bytes);
        ArrayPool<byte>.Shared.Return(image);
        node.Page = page;
    }
}
