using System.Collections.Frozen;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Transactions;

/// <summary>
/// What all transactions of a node share: the store they read, the loop that commits them, the locks between them, and the
/// local names of databases.
/// </summary>
internal sealed class TransactionSource
{
    private readonly Lock _gate = new();
    private volatile FrozenDictionary<string, Hash256> _names = FrozenDictionary<string, Hash256>.Empty;

    /// <summary>Joins the parts; the log was read, the loop has recovered.</summary>
    public TransactionSource(IStore store, CommitLoop commits, NodeLog log, ScratchSpace scratch)
    {
        Store = store;
        Scratch = scratch;
        Commits = commits;
        Log = log;
        GeneratedKeys = new GeneratedKeys(log);
        Ranges = new RangeWatch(Locks);
        RefreshNames();
    }

    /// <summary>The store.</summary>
    public IStore Store { get; }

    /// <summary>Room on the disk for what does not fit in memory.</summary>
    public ScratchSpace Scratch { get; }

    /// <summary>The commit loop.</summary>
    public CommitLoop Commits { get; }

    /// <summary>The node's log.</summary>
    public NodeLog Log { get; }

    /// <summary>AUTO_INCREMENT values of this node.</summary>
    public GeneratedKeys GeneratedKeys { get; }

    /// <summary>Bytes of a transaction's operations that stay in memory.</summary>
    public int ChangesInMemory { get; init; } = ChangeSet.MemoryLengthMax;

    /// <summary>Bytes of a transaction's write set that stay in memory, about.</summary>
    public long WritesInMemory { get; init; } = 16 << 20;

    /// <summary>Planted bugs: none but in the isolation checker.</summary>
    public TransactionFaults Faults { get; init; } = TransactionFaults.None;

    /// <summary>Locks on keys.</summary>
    public KeyLocks Locks { get; } = new();

    /// <summary>What SERIALIZABLE transactions have read by range.</summary>
    public RangeWatch Ranges { get; }

    /// <summary>Local names of databases, without regard to case.</summary>
    public IReadOnlyDictionary<string, Hash256> Databases => _names;

    /// <summary>Reads the names anew: call after a database was created, followed or dropped by other means.</summary>
    public void RefreshNames()
    {
        lock (_gate)
        {
            Dictionary<string, Hash256> names = new(StringComparer.OrdinalIgnoreCase);
            foreach ((string name, DatabaseId id) in Log.Manifest.Databases)
                names[name] = id.Hash;
            _names = names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>What a commit loop's status means to a statement.</summary>
    public static CommitOutcome OutcomeOf(CommitStatus status) => status switch
    {
        CommitStatus.Committed => CommitOutcome.Committed,
        CommitStatus.Refused => CommitOutcome.Refused,
        CommitStatus.DatabaseUnknown => CommitOutcome.DatabaseUnknown,
        CommitStatus.NameTaken => CommitOutcome.NameTaken,
        CommitStatus.NotAdmitted => CommitOutcome.NotAdmitted,
        CommitStatus.ClockBehind => CommitOutcome.ClockBehind,
        CommitStatus.DiskFull => CommitOutcome.DiskFull,
        CommitStatus.TooLarge => CommitOutcome.TooLarge,
        CommitStatus.Void => CommitOutcome.Void,
        _ => CommitOutcome.Stopped,
    };

    /// <summary>Creates a database that this node owns.</summary>
    public CommitOutcome CreateDatabase(string name)
    {
        CommitStatus status = Commits.CreateDatabase(name, out _);
        RefreshNames();
        return OutcomeOf(status);
    }

    /// <summary>Leaves a database and frees what it took, on this node only.</summary>
    public bool TryDropDatabase(Hash256 id)
    {
        CommitStatus status = Commits.DropDatabase(new DatabaseId(id));
        RefreshNames();
        return status == CommitStatus.Committed;
    }

    /// <summary>The catalogs as of now.</summary>
    public NodeSchema CurrentSchema
    {
        get
        {
            using StoreSnapshot snapshot = Store.BeginRead();
            return snapshot.Companion as NodeSchema ?? NodeSchema.Empty;
        }
    }
}
