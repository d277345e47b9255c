using System.Buffers.Binary;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>A whole node below SQL: log, commit loop and applier over a volume in memory.</summary>
internal sealed class TestNode : IDisposable
{
    public static readonly TableId Table = TableId.Read(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });
    public static readonly LoggedColumn[] Columns = [new(new ColumnId(7), 1, 0)];
    private readonly NodeLogOptions _options;
    private readonly ChangeSet _changes = new();
    private readonly CommitRequest _request = new();

    public TestNode(MemoryVolume volume, int seed, TestClock? clock = null, int segmentLength = 64 * 1024)
    {
        Volume = volume;
        Clock = clock ?? new TestClock();
        var dice = new Random(seed);
        _options = new NodeLogOptions
        {
            TimeProvider = Clock,
            Random = dice.NextBytes,
            Journal = new JournalOptions { SegmentLength = segmentLength, SpareCountMax = 2 },
            TailLengthMax = 32 * 1024,
        };
        Open();
    }

    public MemoryVolume Volume { get; }

    public TestClock Clock { get; }

    public NodeLog Log { get; private set; } = null!;

    public CommitLoop Loop { get; private set; } = null!;

    public RowsApplier Applier { get; private set; } = null!;

    public FlushMode FlushMode { get; set; } = FlushMode.EachCommit;

    public static TestNode Create(int seed, TestClock? clock = null) =>
        new(new MemoryVolume(new Random(seed)), seed, clock);

    /// <summary>A new process on the same volume.</summary>
    public void Restart()
    {
        Close();
        Volume.Restart();
        Open();
    }

    /// <summary>A new process on the same volume that goes on with rows of a mark.</summary>
    public void RestartAt(DatabaseId database, LogMark mark)
    {
        Close();
        Volume.Restart();
        Open(_options with { ReadMarks = () => new Dictionary<DatabaseId, LogMark> { [database] = mark } });
    }

    /// <summary>Ends as an operator asks for it, and starts again.</summary>
    public void RestartCleanly()
    {
        Loop.Shutdown();
        Restart();
    }

    /// <summary>Dies, loses the end of its journal from <paramref name="offset"/> of the first segment on, and starts again.</summary>
    public void RestartWithoutTail(long offset)
    {
        Close();
        Volume.Restart();
        using (StorageFile file = Volume.Open(JournalSegment.PathOf(1), StorageOpening.Existing))
            file.FillWithZeros(offset, file.Length);
        Open();
    }

    /// <summary>Where the journal ends in its first segment.</summary>
    public long JournalEnd()
    {
        JournalTail tail = JournalReader.Read(Volume, (ReadOnlySpan<byte> _, long _, in JournalSegment _) => { });
        return Assert.Single(tail.Segments).OffsetOf(tail.Position);
    }

    /// <summary>Removes what keeps the next start from reading history itself.</summary>
    public void RemoveIndexes(DatabaseId database)
    {
        string directory = HistoryFiles.DirectoryOf(database);
        foreach (string name in Volume.List(directory))
        {
            if (name.EndsWith(".hidx", StringComparison.Ordinal))
                Volume.Delete($"{directory}/{name}");
        }
    }

    public void Close()
    {
        Loop.Dispose();
        Log.Dispose();
        Applier.Dispose();
    }

    public DatabaseLog CreateDatabase(string name = "app")
    {
        Assert.Equal(CommitStatus.Committed, Loop.CreateDatabase(name, out DatabaseLog? log));
        return log!;
    }

    public CommitStatus Insert(DatabaseId database, int key, int length = 8)
    {
        _changes.Clear(database);
        WriteInsert(_changes, key, length);
        _request.Changes.Clear();
        _request.Changes.Add(_changes);
        Loop.FlushMode = FlushMode;
        return Loop.Commit(_request);
    }

    public static void WriteInsert(ChangeSet changes, int key, int length = 8)
    {
        byte[] keyBytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(keyBytes, key);
        byte[] image = new byte[length];
        new Random(key).NextBytes(image);
        changes.Insert(changes.AddTable(Table, Columns), keyBytes, image);
    }

    public static void WriteEntry(
        ByteWriter target, DatabaseId database, SigningKey key, ChainTip tip, ulong hlc, EntryId[] parents, int row)
    {
        using var changes = new ChangeSet();
        changes.Clear(database);
        WriteInsert(changes, row);
        using var body = new BodyBuilder();
        body.Add(changes);
        using var builder = new EntryBuilder();
        builder.Build(target, database, key, tip, new(hlc), parents, EntryFlags.None, body);
    }

    public static string KeyOf(int key) => key.ToString("X8", null);

    /// <summary>Everything that <paramref name="source"/> may show its peers goes to this node, in one batch for each chain.</summary>
    public List<AppendStatus> Pull(TestNode source, DatabaseId database)
    {
        List<AppendStatus> statuses = [];
        using var batch = new RemoteBatch();
        using var bytes = new ByteWriter();
        DatabaseLog theirs = source.Log.Find(database)!;
        bool moved = true;
        while (moved)
        {
            moved = false;
            foreach (ChainHead head in theirs.Published.GetVector())
            {
                if (Log.Find(database)!.Contains(head.Head))
                    continue;
                bytes.Clear();
                theirs.Published.ReadRange(head.Head, 0, int.MaxValue / 4, bytes);
                int before = Log.Find(database)!.EntryCount;
                batch.Database = database;
                batch.Entries = bytes.WrittenMemory;
                Assert.Equal(CommitStatus.Committed, Loop.TryAppendRemote(batch));
                statuses.AddRange(batch.Result.Statuses);
                moved |= Log.Find(database)!.EntryCount > before;
            }
        }

        return statuses;
    }

    public void Follow(DatabaseId database, string name = "app") =>
        Assert.Equal(CommitStatus.Committed, Loop.FollowDatabase(name, database, out _));

    /// <summary>Invites with a one-time key; returns the key and the entry.</summary>
    public (SigningKey Key, EntryId Entry) Invite(DatabaseId database, int seed, ulong draw = 0)
    {
        byte[] bytes = new byte[32];
        new Random(seed).NextBytes(bytes);
        SigningKey oneTime = SigningKey.FromSeed(bytes);
        Assert.Equal(CommitStatus.Committed, Loop.CommitAccess(database, (log, _, changes) =>
        {
            Assert.True(log.OwnMember!.Classes.TryChoose(draw, out ResidueClass slot));
            changes.Write(OpKind.Invite, AccessFormat.Invite(oneTime.PublicKey, slot));
        }));
        DatabaseLog log = Log.Find(database)!;
        return (oneTime, log.FindChain(log.OwnAuthor)!.Tip.Last);
    }

    public CommitStatus Claim(DatabaseId database, (SigningKey Key, EntryId Entry) invite) =>
        Loop.CommitAccess(database, (_, author, changes) => changes.Write(OpKind.Claim,
            AccessFormat.Claim(database, invite.Entry, invite.Key, author.Author, Log.Identity.NodeKey)));

    /// <summary>Makes <paramref name="newcomer"/> a member: invite, claim, countersignature, each carried across.</summary>
    public void Admit(TestNode newcomer, DatabaseId database, int seed)
    {
        (SigningKey Key, EntryId Entry) invite = Invite(database, seed);
        newcomer.Follow(database);
        newcomer.Pull(this, database);
        Assert.Equal(CommitStatus.Committed, newcomer.Claim(database, invite));
        Pull(newcomer, database);
        newcomer.Pull(this, database);
        DatabaseLog log = newcomer.Log.Find(database)!;
        Assert.True(log.MayWrite(log.OwnAuthor));
    }

    public static void AssertSame(TestNode left, TestNode right, DatabaseId database, int rowCount)
    {
        List<EntryId> heads = [];
        Assert.Equal(left.Log.Find(database)!.Published.GetHeads(heads), right.Log.Find(database)!.Published.GetHeads(heads));
        Assert.Equal(rowCount, left.Applier.RowsOf(database).Count);
        Assert.Equal(
            left.Applier.RowsOf(database).Select(row => (row.Key, row.Value.Image)),
            right.Applier.RowsOf(database).Select(row => (row.Key, row.Value.Image)));
    }

    public void Dispose()
    {
        Close();
        _changes.Dispose();
    }

    private void Open() => Open(_options);

    private void Open(NodeLogOptions options)
    {
        Log = NodeLog.Open(Volume, options);
        Applier = new RowsApplier();
        Loop = new CommitLoop(Log, Applier);
        Loop.Recover();
    }
}
