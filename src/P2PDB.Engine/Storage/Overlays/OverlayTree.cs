using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Overlays;

// OVERLAY
//
// New records go to a tree in memory. When its owner finds that it holds too much, the tree is written to the disk as one sorted
// run, and the next tree begins. A look-up asks the tree, then the runs, newest first; a filter in memory keeps it from reading
// runs that do not have the key. Where many runs of one level have come together they are merged into one of the next level.
// Runs are never changed: a mark is the tree's root and the list of runs.

/// <summary>
/// An ordered tree of one owner's own: a transaction's write set over one tree of the store. Savepoints are free. What a value
/// means, a deletion among it, is the owner's affair. Used by one thread.
/// </summary>
/// <param name="pool">Where its memory comes from, and goes when it is cleared.</param>
internal sealed class OverlayTree(TreePool pool)
{
    /// <summary>Runs of one level that are merged: so a record is written again once for each time that there are so many times more.</summary>
    private const int MergedRunCount = 8;

    /// <summary>Bytes that a record takes in memory beside its own, about: its cell's header, its slot, and room that is not filled.</summary>
    private const int RecordOverhead = 80;

    private readonly PersistentTree _tree = new(default, 1, pool);
    private SortedRun[] _runs = [];
    private RunBlock? _block;
    private long _edit = 1;
    private bool _hasCursors;

    /// <summary>Bytes in memory, about.</summary>
    public long MemoryLength { get; private set; }

    /// <summary>Finds a key; the value is valid until the next look-up or change.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) =>
        _tree.Root.TryGet(key, out value) || (_runs.Length > 0 && TryGetInRuns(key, out value));

    /// <summary>Sets the value of a key; returns by how much <see cref="MemoryLength"/> grew.</summary>
    public long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        long growth = _tree.Put(key, value) ? key.Length + (long)value.Length + RecordOverhead : value.Length;
        MemoryLength += growth;
        return growth;
    }

    /// <summary>The state now, for <see cref="Rewind"/>.</summary>
    public OverlayMark Mark() => new(_tree.Freeze(++_edit), _runs, MemoryLength);

    /// <summary>Goes back to a marked state, which stays marked.</summary>
    public void Rewind(in OverlayMark mark, RunLifetimes lifetimes)
    {
        _tree.Restore(mark.Root, ++_edit);
        MemoryLength = mark.MemoryLength;
        SortedRun[] runs = mark.Runs ?? [];
        if (ReferenceEquals(runs, _runs))
            return;

        // What is not in the marked state was made after it: only marks that ended just now knew of it.
        foreach (SortedRun run in _runs)
        {
            if (!runs.Contains(run))
                run.Release();
        }

        foreach (SortedRun run in runs)
        {
            if (!_runs.Contains(run))
                lifetimes.PutBack(run);
        }

        SetRuns(runs);
    }

    /// <summary>Writes what is in memory to the disk. Where that fails all is as before.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Spill(RunLifetimes lifetimes)
    {
        TreeRoot root = _tree.Root;
        using (var records = new TreeCursor(root))
            SetRuns([.. _runs, RunWriter.Write(lifetimes, records, root.Count, level: 0)]);
        // Not recycled: marks may know the tree.
        _tree.Restore(default, ++_edit);
        _hasCursors = false;
        MemoryLength = 0;
        while (_runs.Length >= MergedRunCount && _runs[^MergedRunCount].Level == _runs[^1].Level)
            MergeNewest(lifetimes);
    }

    /// <summary>Forgets all records and marks; a cursor that is still read goes on with what it had.</summary>
    public void Clear()
    {
        foreach (SortedRun run in _runs)
            run.Release();
        SetRuns([]);
        MemoryLength = 0;
        if (_hasCursors)
            _tree.Restore(default, ++_edit);
        else
            _tree.Recycle(++_edit);
        _hasCursors = false;
    }

    /// <summary>
    /// Opens a cursor over the records as of now; later changes do not show in it. A cursor that is done may be passed as
    /// <paramref name="recycled"/> to be used again.
    /// </summary>
    public Cursor OpenCursor(Cursor? recycled = null)
    {
        TreeRoot root = _tree.Freeze(++_edit);
        _hasCursors = true;
        if (_runs.Length == 0 && recycled is TreeCursor tree)
            return tree.Rebind(root, null);
        if (_runs.Length > 0 && recycled is OverlayCursor overlay)
            return overlay.Open(root, _runs);
        recycled?.Dispose();
        return _runs.Length == 0 ? new TreeCursor(root) : new OverlayCursor().Open(root, _runs);
    }

    private bool TryGetInRuns(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        _block ??= new RunBlock();
        ulong hash = SortedRun.HashOf(key);
        for (int i = _runs.Length - 1; i >= 0; i--)
        {
            if (_runs[i].TryGet(key, hash, _block, out value))
                return true;
        }

        value = default;
        return false;
    }

    private void MergeNewest(RunLifetimes lifetimes)
    {
        SortedRun[] merged = _runs[^MergedRunCount..];
        long countMax = 0;
        foreach (SortedRun part in merged)
            countMax += part.Count;
        using OverlayCursor records = new OverlayCursor().Open(default, merged);
        SortedRun run = RunWriter.Write(lifetimes, records, countMax, merged[0].Level + 1);
        SetRuns([.. _runs[..^MergedRunCount], run]);
        foreach (SortedRun part in merged)
            lifetimes.Replace(part);
    }

    private void SetRuns(SortedRun[] runs)
    {
        _runs = runs;
        if (runs.Length == 0)
            _block = null;
        else
            _block?.Clear();
    }
}
