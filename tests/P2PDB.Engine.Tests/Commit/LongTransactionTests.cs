using System.Globalization;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Execution;
using P2PDB.Engine.Tests.Sync;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>
/// Transactions that go to a history file of their own, here of 60 kB: whatever happens while one commits, all of it is there
/// or nothing, the node goes on, and a peer has the same.
/// </summary>
public sealed class LongTransactionTests
{
    private const int RowCount = 60;
    private const int Before = 3;
    private const string Digest = "SELECT state_digest FROM p2pdb.`databases` WHERE name = 'app'";

    [Theory]
    [InlineData(StoreKind.Memory, 1)]
    [InlineData(StoreKind.File, 1)]
    [InlineData(StoreKind.File, 2)]
    [InlineData(StoreKind.File, 0)]
    public void Power_may_be_lost_at_each_call_of_the_commit(StoreKind store, int flushMode) =>
        TryEachCall((volume, calls) => volume.LosePowerAfter(calls), store, flushMode);

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.File)]
    public void The_process_may_be_killed_at_each_call_of_the_commit(StoreKind store) =>
        Assert.True(TryEachCall((volume, calls) => volume.KillAfter(calls), store, flushMode: 1), "No kill came between the file's name and the answer.");

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.File)]
    public void A_full_disk_at_any_call_refuses_the_commit_and_leaves_nothing(StoreKind store)
    {
        using MemoryVolume prepared = Prepare(store);
        int refused = 0;
        for (long call = 0; ; call++)
        {
            using MemoryVolume volume = prepared.Copy(new Random(1), isImage: true);
            long before;
            string answer;
            bool hasStopped;
            string context = $"call {call}";
            using (Database database = Open(volume, store))
            {
                using Session session = database.OpenSession();
                Begin(session);
                volume.FailAfter(call, asFull: true);
                before = volume.CallCount;
                answer = SqlNode.Run(session, "COMMIT");
                before = volume.CallCount - before;
                hasStopped = database.Commits.Failure is not null;
                if (!hasStopped)
                {
                    Assert.True(answer is "" or "error 1021", context + ": " + answer);
                    AssertAllOrNothing(session, isAll: answer.Length == 0, context);
                    volume.FailAfter(-1, asFull: true);
                    GoOn(session, context);
                }
            }

            volume.LosePower();
            volume.Restart();
            using Database again = Open(volume, store);
            using Session reader = again.OpenSession();
            AssertAllOrNothing(reader, isAll: answer.Length == 0 ? true : hasStopped ? null : false, context);
            GoOn(reader, context);
            refused += answer.Length == 0 ? 0 : 1;
            if (before <= call)
                break;
        }

        Assert.True(refused > 5, "The full disk was not met where it was meant to be.");
    }

    [Fact]
    public void Nothing_of_a_refused_one_takes_room()
    {
        using MemoryVolume volume = Prepare(StoreKind.Memory);
        using Database database = Open(volume, StoreKind.Memory);
        using Session session = database.OpenSession();
        string directory = HistoryFiles.DirectoryOf(Assert.Single(database.Log.Databases).Id);
        Begin(session);
        Assert.Equal("", SqlNode.Run(session, "SELECT 1 FROM app.t WHERE id = -1"));
        volume.LimitGrowth(30_000);

        Assert.Equal("error 1021", SqlNode.Run(session, "COMMIT"));
        Assert.DoesNotContain(volume.List(directory), static name => name.EndsWith(".new", StringComparison.Ordinal));
        volume.LimitGrowth(null);
        Begin(session);
        Assert.Equal("", SqlNode.Run(session, "COMMIT"));
        AssertAllOrNothing(session, isAll: true, "with room");
    }

    [Fact]
    public void The_journal_has_nothing_of_it_and_history_no_open_part()
    {
        using MemoryVolume volume = Prepare(StoreKind.File);
        using Database database = Open(volume, StoreKind.File);
        using Session session = database.OpenSession();
        DatabaseLog log = Assert.Single(database.Log.Databases);
        int entries = log.EntryCount;
        Begin(session);
        long position = database.Log.Journal.Position;
        Assert.Equal("", SqlNode.Run(session, "COMMIT"));

        Assert.Equal(position, database.Log.Journal.Position);
        Assert.InRange(log.EntryCount - entries, 10, 40);
        Assert.False(log.HasOpenParts(log.OwnAuthor));
        Assert.Equal(0, log.TailLength);
    }

    [Fact]
    public void Readers_see_the_state_before_it_until_all_of_it_is_there()
    {
        using MemoryVolume volume = Prepare(StoreKind.File);
        using Database database = Open(volume, StoreKind.File);
        using Session writer = database.OpenSession();
        using Session reader = database.OpenSession();
        SqlNode.Run(reader, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
        Begin(writer);
        SqlNode.Run(writer, "COMMIT");

        AssertAllOrNothing(reader, isAll: false, "the old snapshot");
        SqlNode.Run(reader, "COMMIT");
        AssertAllOrNothing(reader, isAll: true, "a new one");
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.File)]
    public void A_peer_takes_all_of_it(StoreKind store)
    {
        using var volume = new MemoryVolume(new Random(1));
        using var peerVolume = new MemoryVolume(new Random(2));
        using Database database = Open(volume, store, seed: 1);
        using Database peer = Open(peerVolume, store, seed: 2);
        using Session session = database.OpenSession();
        using Session peerSession = peer.OpenSession();
        Create(session);
        using var connection = new QueueConnection(database.Sync, database.NodeKey.PublicKey, peer.Sync, peer.NodeKey.PublicKey);
        SqlNode.Run(peerSession, $"CALL p2pdb.join('{SqlNode.Run(session, "CALL p2pdb.invite('app', 'write')")}')");
        connection.Settle();
        Begin(session);
        Assert.Equal("", SqlNode.Run(session, "COMMIT"));
        // A part at a time: the peer never shows less than all.
        HashSet<string> seen = [];
        connection.SettleUntil(() =>
        {
            seen.Add(SqlNode.Run(peerSession, "SELECT COUNT(*) FROM app.t"));
            return false;
        });

        Assert.Subset(new HashSet<string> { Text(Before), Text(Before + RowCount) }, seen);
        AssertAllOrNothing(peerSession, isAll: true, "the peer");
        Assert.Equal(SqlNode.Run(session, Digest), SqlNode.Run(peerSession, Digest));
        GoOn(peerSession, "the peer");
        connection.Settle();
        Assert.Equal(SqlNode.Run(session, Digest), SqlNode.Run(peerSession, Digest));
    }

    [Fact]
    public void Entries_that_come_faster_than_the_tick_do_not_stay_in_memory()
    {
        using TestNode node = TestNode.Create(1);
        using TestNode peer = TestNode.Create(2, node.Clock);
        DatabaseLog log = node.CreateDatabase();
        for (int i = 0; i < 400; i++)
            node.Insert(log.Id, i, length: 2000);
        peer.Follow(log.Id);
        using var batch = new RemoteBatch { Database = log.Id };
        using var bytes = new ByteWriter();
        ChainHead head = Assert.Single(log.Published.GetVector());
        for (ulong seq = 0; seq <= head.Seq;)
        {
            bytes.Clear();
            seq += (ulong)log.Published.ReadRange(head.Head, seq, 10_000, bytes);
            batch.Entries = bytes.WrittenMemory;
            Assert.Equal(CommitStatus.Committed, peer.Loop.TryAppendRemote(batch));
        }

        Assert.Equal(log.EntryCount, peer.Log.Find(log.Id)!.EntryCount);
        Assert.True(peer.Log.TailLength < 5 * 32 * 1024, $"{peer.Log.TailLength} bytes are in memory.");
    }

    /// <summary>
    /// Commits, has an accident at a call, starts again and looks; with each call of the commit in turn. True where all of it was
    /// there once though nobody had been told.
    /// </summary>
    private static bool TryEachCall(Action<MemoryVolume, long> accident, StoreKind store, int flushMode)
    {
        using MemoryVolume prepared = Prepare(store);
        int lost = 0;
        bool wasAll = false;
        for (long call = 0; ; call++)
        {
            using MemoryVolume volume = prepared.Copy(new Random((int)call), isImage: true);
            bool isAcknowledged;
            bool isDown;
            using (Database database = Open(volume, store, flushMode: flushMode))
            {
                using Session session = database.OpenSession();
                // In the journal, and of it in the tail, when the long one comes.
                SqlNode.Run(session, "INSERT INTO app.t VALUES (-1, 'x', -1)");
                Begin(session);
                accident(volume, call);
                isAcknowledged = SqlNode.Run(session, "COMMIT").Length == 0;
                isDown = volume.IsDown;
                if (!isDown)
                    volume.LosePower();
            }

            volume.Restart();
            string context = $"call {call}";
            using Database again = Open(volume, store, flushMode: flushMode);
            using Session reader = again.OpenSession();
            SqlNode.Run(reader, "DELETE FROM app.t WHERE id = -1");
            bool isAll = AssertAllOrNothing(reader, isAll: isAcknowledged ? true : null, context);
            lost += isAll ? 0 : 1;
            wasAll |= isAll && !isAcknowledged;
            GoOn(reader, context);
            again.Tick();
            AssertRebuiltSame(volume, reader);
            if (!isDown)
                break;
        }

        Assert.True(lost > 5, "No accident came while the file was written.");
        return wasAll;
    }

    private static MemoryVolume Prepare(StoreKind store)
    {
        var volume = new MemoryVolume(new Random(1));
        using (Database database = Open(volume, store))
        {
            using Session session = database.OpenSession();
            Create(session);
        }

        volume.Restart();
        return volume;
    }

    private static void Create(Session session)
    {
        Assert.Equal("", SqlNode.Run(session, "CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(3000), u INT, UNIQUE KEY (u), KEY i (u, id))"));
        for (int i = 0; i < Before; i++)
            SqlNode.Run(session, $"INSERT INTO app.t VALUES ({10_000 + i}, 'v', {10_000 + i})");
    }

    /// <summary>A long transaction, but for its end. Text that does not compress.</summary>
    private static void Begin(Session session)
    {
        var dice = new Random(7);
        byte[] noise = new byte[500];
        Assert.Equal("", SqlNode.Run(session, "BEGIN"));
        for (int i = 0; i < RowCount; i++)
        {
            dice.NextBytes(noise);
            // One that no part can hold is among them.
            string value = i == RowCount / 2 ? $"REPEAT('{Convert.ToHexString(noise)}', 3)" : $"'{Convert.ToHexString(noise)}'";
            Assert.Equal("", SqlNode.Run(session, $"INSERT INTO app.t VALUES ({i}, {value}, {i})"));
        }
    }

    private static bool AssertAllOrNothing(Session session, bool? isAll, string context)
    {
        string count = SqlNode.Run(session, "SELECT COUNT(*) FROM app.t");
        bool isHere = count != Text(Before);
        Assert.True(!isHere || count == Text(Before + RowCount), $"{context}: {count} rows");
        Assert.True(isAll is null || isAll == isHere, $"{context}: {count} rows");
        if (isHere)
        {
            Assert.Equal(Text(Before + RowCount), SqlNode.Run(session, "SELECT COUNT(*) FROM app.t FORCE INDEX (u) WHERE u >= 0"));
            Assert.Equal(Text(RowCount - 1), SqlNode.Run(session, "SELECT COUNT(*) FROM app.t WHERE id < 1000 AND LENGTH(v) = 1000"));
        }

        return isHere;
    }

    private static void GoOn(Session session, string context)
    {
        Assert.True(SqlNode.Run(session, "INSERT INTO app.t VALUES (5000, 'after', 5000)") == "", context);
        Assert.Equal("after", SqlNode.Run(session, "SELECT v FROM app.t WHERE u = 5000"));
        Assert.Equal("", SqlNode.Run(session, "DELETE FROM app.t WHERE id = 5000"));
    }

    /// <summary>A node that makes its rows from the log alone has the same.</summary>
    private static void AssertRebuiltSame(MemoryVolume volume, Session session)
    {
        using MemoryVolume copy = volume.Copy(new Random(3), isImage: true);
        using Database rebuilt = Open(copy, StoreKind.Memory);
        using Session other = rebuilt.OpenSession();
        Assert.Equal(SqlNode.Run(other, Digest), SqlNode.Run(session, Digest));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Database Open(MemoryVolume volume, StoreKind store, int seed = 1, int flushMode = 1) => Database.Open("", new DatabaseOptions
    {
        Volume = volume,
        HasTicker = false,
        JoinPatience = TimeSpan.Zero,
        Seed = seed,
        Store = store,
        FlushMode = flushMode,
        StoreMemory = 16 << 20,
        TailLengthMax = 16 * 1024,
        BodyLengthMax = 2500,
        Journal = new JournalOptions { SegmentLength = 256 * 1024 },
    });
}
