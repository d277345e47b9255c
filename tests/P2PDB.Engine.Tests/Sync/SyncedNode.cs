using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Tests.Commit;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>A node without SQL and sockets: log, commit loop, apply and sync over a volume in memory.</summary>
internal sealed class SyncedNode : IApplyObserver, IDisposable
{
    private readonly NodeLogOptions _options;
    private readonly MemoryStore _store = new();
    private readonly Applier _applier;
    private readonly ChangeSet _changes = new();
    private readonly CommitRequest _request = new();

    public SyncedNode(int seed, TestClock clock, MemoryVolume? volume = null, SyncSizes? sizes = null)
    {
        var dice = new Random(seed);
        Volume = volume ?? new MemoryVolume(dice);
        _options = new NodeLogOptions { TimeProvider = clock, Random = dice.NextBytes, Journal = new JournalOptions { SegmentLength = 64 * 1024 } };
        _applier = new Applier(new ScratchSpace(Volume));
        Log = NodeLog.Open(Volume, _options);
        var published = new PublishedFeed();
        Commits = new CommitLoop(Log, new RowApplier(_store, _applier, this), published);
        Commits.Recover();
        Sync = new SyncNode(Log, Commits, published, "test", isInline: true, sizes);
        Invitations = new Invitations(Log, Commits, Sync, TimeSpan.Zero);
    }

    public MemoryVolume Volume { get; }

    public NodeLog Log { get; }

    public CommitLoop Commits { get; }

    public SyncNode Sync { get; }

    public Invitations Invitations { get; }

    public DatabaseLog Create()
    {
        Assert.Equal(CommitStatus.Committed, Commits.CreateDatabase("app", out DatabaseLog? log));
        return log!;
    }

    public InvitationTicket Invite(DatabaseId database)
    {
        Assert.Equal(CommitStatus.Committed, Invitations.Invite(database, "app", [], out InvitationTicket? ticket));
        return ticket!;
    }

    /// <summary>Commits rows of a table that no definition made: entries whose bodies are void, as good as any to sync.</summary>
    public void Write(DatabaseId database, int key, int length = 100) =>
        Assert.Equal(CommitStatus.Void, TryWrite(database, key, length));

    public CommitStatus TryWrite(DatabaseId database, int key, int length = 100)
    {
        _changes.Clear(database);
        TestNode.WriteInsert(_changes, key, length);
        _request.Changes.Clear();
        _request.Changes.Add(_changes);
        return Commits.Commit(_request);
    }

    public string Heads(DatabaseId database) => Log.Find(database)!.Published.GetHeads([]).ToString();

    public void Dispose()
    {
        Sync.Dispose();
        Commits.Dispose();
        Log.Dispose();
        _applier.Dispose();
        _store.Dispose();
        _changes.Dispose();
    }

    public void RowChanged(TableSchema table, ReadOnlySpan<byte> primaryKey, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        // Nobody holds locks here.
    }

    public void TableEmptied(TableSchema table)
    {
        // Nobody holds locks here.
    }

    public void TableChanged(Engine.Storage.TableId table, TableSchema? before, TableSchema? after)
    {
        // Nobody holds locks here.
    }
}
