using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Transactions;

// RANGE WATCH
//
// SERIALIZABLE without gap locks. Such a transaction locks the keys that it reads one by one, whether rows stand there or not. Of
// what it reads by a range (a scan, an index) it says here which stretch of which tree it read, and as of which commit. The commit
// thread says here what each commit changed: whoever read a stretch in an older state is doomed, and its commit will be refused. So
// every read of a transaction that commits is as it would be at the commit, and the order of commits is a serial one.
//
// INVARIANTS
//  - A reader enters before it opens the view that it reads. From then on changes are noted, so that a stretch that is named after
//    the view was opened is known to have changed in between.
//  - Changes are reported after they are published and before the lead passes on: at its own turn to commit a transaction knows of
//    all commits before it. One that wrote nothing takes a turn too.
//  - Lock order: this one's, then the lock table's. The lock table never comes here.

/// <summary>What SERIALIZABLE transactions have read by range, and who of them no longer can commit.</summary>
internal sealed class RangeWatch(KeyLocks locks)
{
    /// <summary>Stretches of one transaction in one tree; past it the whole tree counts as read.</summary>
    private const int StretchCountMax = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<LockOwner, Dictionary<TreeId, List<Stretch>>> _readers = [];
    private readonly Dictionary<TreeId, long> _lastChanges = [];
    private volatile int _readerCount;
    private long _unknownUntil;

    /// <summary>True while anybody wants to hear of changes.</summary>
    public bool HasReaders => _readerCount > 0;

    /// <summary>From now on changes are noted for a transaction.</summary>
    public void Enter(LockOwner reader)
    {
        lock (_gate)
        {
            _readers.TryAdd(reader, []);
            _readerCount = _readers.Count;
        }
    }

    /// <summary>The transaction has ended: nothing dooms it after this.</summary>
    public void Leave(LockOwner reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
            _readerCount = _readers.Count;
            if (_readers.Count == 0)
                _lastChanges.Clear();
        }
    }

    /// <summary>
    /// A transaction that has entered reads from <paramref name="start"/> to before <paramref name="end"/> (empty: without end) as
    /// of a commit number; it is doomed at once where that is no longer the newest state there.
    /// </summary>
    public void Watch(LockOwner reader, TreeId tree, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end, long commitNumber)
    {
        lock (_gate)
        {
            if (_unknownUntil > commitNumber || _lastChanges.GetValueOrDefault(tree) > commitNumber)
                locks.Doom(reader);
            Dictionary<TreeId, List<Stretch>> trees = _readers[reader];
            if (!trees.TryGetValue(tree, out List<Stretch>? stretches))
                trees.Add(tree, stretches = []);
            if (stretches is [{ IsWhole: true }])
                return;
            if (stretches.Count < StretchCountMax && (start.Length > 0 || end.Length > 0))
            {
                stretches.Add(new Stretch(start.ToArray(), end.ToArray(), commitNumber));
                return;
            }

            // The whole tree, as of the oldest view: what that might have missed is what dooms.
            long oldest = commitNumber;
            foreach (Stretch stretch in stretches)
                oldest = Math.Min(oldest, stretch.CommitNumber);
            stretches.Clear();
            stretches.Add(new Stretch([], [], oldest));
        }
    }

    /// <summary>A commit changed these keys.</summary>
    public void Report(IReadOnlyList<(TreeId Tree, byte[] Key)> changes, long commitNumber)
    {
        lock (_gate)
        {
            foreach ((TreeId tree, byte[] key) in changes)
            {
                _lastChanges[tree] = commitNumber;
                foreach ((LockOwner reader, Dictionary<TreeId, List<Stretch>> trees) in _readers)
                {
                    if (trees.TryGetValue(tree, out List<Stretch>? stretches)
                        && stretches.Exists(stretch => stretch.CommitNumber < commitNumber && stretch.Contains(key)))
                    {
                        locks.Doom(reader);
                    }
                }
            }
        }
    }

    /// <summary>A commit changed whole tables, or more than anybody has noted.</summary>
    public void ReportUnknown(long commitNumber)
    {
        lock (_gate)
        {
            _unknownUntil = commitNumber;
            foreach ((LockOwner reader, Dictionary<TreeId, List<Stretch>> trees) in _readers)
            {
                // Who has named nothing yet is told when it does; but keys that it has locked one by one may be gone.
                if (reader.HeldCount > 0 || trees.Count > 0)
                    locks.Doom(reader);
            }
        }
    }

    private readonly record struct Stretch(byte[] Start, byte[] End, long CommitNumber)
    {
        public bool IsWhole => Start.Length == 0 && End.Length == 0;

        public bool Contains(byte[] key) =>
            key.AsSpan().SequenceCompareTo(Start) >= 0 && (End.Length == 0 || key.AsSpan().SequenceCompareTo(End) < 0);
    }
}
