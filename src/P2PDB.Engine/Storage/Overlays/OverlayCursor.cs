using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Storage.Overlays;

/// <summary>
/// A position in an overlay of which a part left the memory: its tree and its runs read as one, of each key the newest record. All
/// sources that are valid stand at or past the current key in the direction of travel; turning round seeks them anew.
/// </summary>
internal sealed class OverlayCursor : Cursor
{
    private readonly TreeCursor _tree = new(default(TreeRoot));
    private readonly RecordBuffer _turningKey = new();
    private RunCursor[] _runs = [];
    private Cursor[] _sources = [];
    private int[] _standing = [];
    private int _standingCount;
    private bool _goesForward;

    public override bool IsValid => _standingCount > 0;

    public override ReadOnlySpan<byte> Key => Current.Key;

    public override ReadOnlySpan<byte> Value => Current.Value;

    /// <summary>The newest of the sources that have the current key.</summary>
    private Cursor Current
    {
        get
        {
            Invariant.Check(_standingCount > 0, "a cursor is read only where it stands");
            return _sources[_standing[0]];
        }
    }

    /// <summary>Turns the cursor to a tree and the runs below it, oldest first; it stands nowhere.</summary>
    public OverlayCursor Open(TreeRoot root, ReadOnlySpan<SortedRun> runs)
    {
        _standingCount = 0;
        if (_runs.Length != runs.Length)
        {
            for (int i = runs.Length; i < _runs.Length; i++)
                _runs[i].Park();
            int known = Math.Min(_runs.Length, runs.Length);
            Array.Resize(ref _runs, runs.Length);
            for (int i = known; i < runs.Length; i++)
                _runs[i] = new RunCursor();
            _sources = [.. _runs, _tree];
            Array.Reverse(_sources);
            _standing = new int[_sources.Length];
        }

        _tree.Rebind(root, null);
        for (int i = 0; i < runs.Length; i++)
            _runs[i].Open(runs[i]);
        return this;
    }

    public override bool SeekGe(ReadOnlySpan<byte> key)
    {
        foreach (Cursor source in _sources)
            source.SeekGe(key);
        return Settle(forward: true);
    }

    public override bool SeekLe(ReadOnlySpan<byte> key)
    {
        foreach (Cursor source in _sources)
            source.SeekLe(key);
        return Settle(forward: false);
    }

    public override bool SeekFirst()
    {
        foreach (Cursor source in _sources)
            source.SeekFirst();
        return Settle(forward: true);
    }

    public override bool SeekLast()
    {
        foreach (Cursor source in _sources)
            source.SeekLast();
        return Settle(forward: false);
    }

    public override bool Next()
    {
        if (!_goesForward)
        {
            _turningKey.Set(Key);
            SeekGe(_turningKey.Span);
        }

        for (int i = 0; i < _standingCount; i++)
            _sources[_standing[i]].Next();
        return Settle(forward: true);
    }

    public override bool Previous()
    {
        if (_goesForward)
        {
            _turningKey.Set(Key);
            SeekLe(_turningKey.Span);
        }

        for (int i = 0; i < _standingCount; i++)
            _sources[_standing[i]].Previous();
        return Settle(forward: false);
    }

    public override void Park()
    {
        _standingCount = 0;
        _tree.Park();
        foreach (RunCursor run in _runs)
            run.Park();
    }

    protected override void Dispose(bool disposing)
    {
        Park();
        base.Dispose(disposing);
    }

    /// <summary>Finds the sources that have the nearest key, newest first.</summary>
    private bool Settle(bool forward)
    {
        _goesForward = forward;
        _standingCount = 0;
        for (int i = 0; i < _sources.Length; i++)
        {
            if (!_sources[i].IsValid)
                continue;
            int order = _standingCount == 0 ? -1 : _sources[i].Key.SequenceCompareTo(Current.Key);
            if (order != 0 && _standingCount > 0 && order > 0 == forward)
                continue;
            if (order != 0)
                _standingCount = 0;
            _standing[_standingCount++] = i;
        }

        return _standingCount > 0;
    }
}
