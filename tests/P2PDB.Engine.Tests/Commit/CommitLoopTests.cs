using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Commit;

public class CommitLoopTests
{
    [Fact]
    public void A_commit_is_applied_and_there_after_a_restart()
    {
        using TestNode node = TestNode.Create(1);
        DatabaseId database = node.CreateDatabase().Id;

        Assert.Equal(CommitStatus.Committed, node.Insert(database, 5));
        Assert.Contains(TestNode.KeyOf(5), node.Applier.RowsOf(database).Keys);

        node.Volume.LosePower();
        node.Restart();
        Assert.Contains(TestNode.KeyOf(5), node.Applier.RowsOf(database).Keys);
        Assert.Equal(2, node.Log.Find(database)!.EntryCount);
    }

    [Fact]
    public void History_takes_over_from_the_journal()
    {
        using TestNode node = TestNode.Create(2);
        DatabaseId database = node.CreateDatabase().Id;
        for (int i = 0; i < 400; i++)
        {
            node.Insert(database, i, 300);
            node.Loop.Tick();
        }

        Assert.True(node.Log.Journal.OldestPosition > 0, "No segment was let go.");
        node.Loop.Shutdown();
        node.Restart();
        Assert.Equal(400, node.Applier.RowsOf(database).Count);
        node.Insert(database, 400);
        node.Restart();
        Assert.Equal(401, node.Applier.RowsOf(database).Count);
    }

    [Fact]
    public void A_transaction_over_two_databases_is_one_record()
    {
        using TestNode node = TestNode.Create(3);
        DatabaseId left = node.CreateDatabase("left").Id;
        DatabaseId right = node.CreateDatabase("right").Id;
        using var leftChanges = new ChangeSet();
        using var rightChanges = new ChangeSet();
        leftChanges.Clear(left);
        rightChanges.Clear(right);
        TestNode.WriteInsert(leftChanges, 1);
        TestNode.WriteInsert(rightChanges, 2);
        var request = new CommitRequest();
        request.Changes.Add(leftChanges);
        request.Changes.Add(rightChanges);

        Assert.Equal(CommitStatus.Committed, node.Loop.Commit(request));
        Assert.Equal(3, request.CommitNumber - 1);
        node.Restart();
        Assert.Single(node.Applier.RowsOf(left));
        Assert.Single(node.Applier.RowsOf(right));
    }

    [Fact]
    public void What_has_no_effect_is_not_called_committed()
    {
        using TestNode node = TestNode.Create(11);
        DatabaseId database = node.CreateDatabase().Id;
        using var changes = new ChangeSet();
        changes.Clear(database);
        // An update without the bitmap of its columns.
        changes.Update(changes.AddTable(TestNode.Table, TestNode.Columns), [1], columns: default, image: default);
        var request = new CommitRequest();
        request.Changes.Add(changes);

        Assert.Equal(CommitStatus.Void, node.Loop.Commit(request));

        Assert.Empty(node.Applier.RowsOf(database));
        Assert.Equal(CommitStatus.Committed, node.Insert(database, 1));
        node.Restart();
        Assert.Single(node.Applier.RowsOf(database));
    }

    [Fact]
    public void Many_writers_share_entries()
    {
        using TestNode node = TestNode.Create(4);
        DatabaseId database = node.CreateDatabase().Id;
        const int WriterCount = 8;
        const int CommitCount = 50;
        var writers = new Thread[WriterCount];
        var failures = new List<CommitStatus>();
        for (int i = 0; i < WriterCount; i++)
        {
            int writer = i;
            writers[i] = new Thread(() =>
            {
                using var changes = new ChangeSet();
                var request = new CommitRequest();
                request.Changes.Add(changes);
                for (int j = 0; j < CommitCount; j++)
                {
                    changes.Clear(database);
                    TestNode.WriteInsert(changes, (writer * CommitCount) + j);
                    CommitStatus status = node.Loop.Commit(request);
                    if (status != CommitStatus.Committed)
                    {
                        lock (failures)
                            failures.Add(status);
                    }
                }
            });
        }

        foreach (Thread writer in writers)
            writer.Start();
        foreach (Thread writer in writers)
            writer.Join();

        Assert.Empty(failures);
        Assert.Equal(WriterCount * CommitCount, node.Applier.RowsOf(database).Count);
        node.Restart();
        Assert.Equal(WriterCount * CommitCount, node.Applier.RowsOf(database).Count);
    }

    [Fact]
    public void A_refused_request_leaves_no_trace()
    {
        using TestNode node = TestNode.Create(5);
        DatabaseId database = node.CreateDatabase().Id;
        using var changes = new ChangeSet();
        changes.Clear(database);
        TestNode.WriteInsert(changes, 1);
        var request = new RefusedRequest();
        request.Changes.Add(changes);

        Assert.Equal(CommitStatus.Refused, node.Loop.Commit(request));
        Assert.Equal(1, node.Log.Find(database)!.EntryCount);
    }

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(13_000_000)]
    public void A_transaction_too_large_for_an_entry_becomes_parts(int length)
    {
        using var node = new TestNode(new MemoryVolume(new Random(6)), 6, segmentLength: 8 * 1024 * 1024);
        DatabaseId database = node.CreateDatabase().Id;
        using var changes = new ChangeSet();
        changes.Clear(database);
        for (int i = 0; i < 10; i++)
            TestNode.WriteInsert(changes, i, 700_000);
        TestNode.WriteInsert(changes, 10, length);
        TestNode.WriteInsert(changes, 11);
        var request = new CommitRequest();
        request.Changes.Add(changes);

        Assert.Equal(CommitStatus.Committed, node.Loop.Commit(request));
        Assert.True(node.Log.Find(database)!.EntryCount > 3);
        Dictionary<string, string> expected = node.Applier.RowsOf(database).ToDictionary(row => row.Key, row => row.Value.Image);
        Assert.Equal(12, expected.Count);
        Assert.Equal(2 * length, expected[TestNode.KeyOf(10)].Length);

        node.Restart();
        Assert.Equal(expected, node.Applier.RowsOf(database).ToDictionary(row => row.Key, row => row.Value.Image));
        using TestNode peer = TestNode.Create(7);
        peer.Follow(database);
        peer.Pull(node, database);
        Assert.Equal(expected, peer.Applier.RowsOf(database).ToDictionary(row => row.Key, row => row.Value.Image));
    }

    [Fact]
    public void A_full_disk_fails_commits_and_reads_go_on()
    {
        using TestNode node = TestNode.Create(8);
        DatabaseId database = node.CreateDatabase().Id;
        node.Volume.LimitGrowth(0);
        int committed = 0;
        while (node.Insert(database, committed, 3000) == CommitStatus.Committed)
            committed++;
        Assert.Equal(CommitStatus.DiskFull, node.Insert(database, committed, 3000));
        Assert.Equal(committed, node.Applier.RowsOf(database).Count);
        node.Loop.Tick();

        node.Volume.LimitGrowth(null);
        Assert.Equal(CommitStatus.Committed, node.Insert(database, committed, 3000));
        node.Volume.LosePower();
        node.Restart();
        Assert.Equal(committed + 1, node.Applier.RowsOf(database).Count);
    }

    [Fact]
    public void A_full_disk_leaves_no_half_made_database()
    {
        using TestNode node = TestNode.Create(14);
        node.CreateDatabase();
        var followed = DatabaseId.Read(Enumerable.Repeat((byte)7, 32).ToArray());
        node.Volume.LimitGrowth(0);
        Assert.Equal(CommitStatus.DiskFull, node.Loop.CreateDatabase("more", out _));
        Assert.Equal(CommitStatus.DiskFull, node.Loop.FollowDatabase("theirs", followed, out _));
        Assert.Null(node.Loop.Failure);

        node.Volume.LimitGrowth(null);
        node.CreateDatabase("more");
        node.Follow(followed, "theirs");
        node.Restart();
        Assert.Equal(3, node.Log.Databases.Length);
    }

    [Fact]
    public void Reserved_room_that_is_not_there_stops_the_loop_and_loses_nothing()
    {
        using TestNode source = TestNode.Create(15);
        DatabaseId database = source.CreateDatabase().Id;
        source.Insert(database, 1);
        using TestNode node = TestNode.Create(16);
        node.Follow(database);
        using var bytes = new ByteWriter();
        DatabaseLog theirs = source.Log.Find(database)!;
        theirs.Published.ReadRange(Assert.Single(theirs.Published.GetVector()).Head, 0, int.MaxValue / 4, bytes);
        using var batch = new RemoteBatch { Database = database, Entries = bytes.WrittenMemory };
        node.Loop.CreateDatabase("other", out _);   // begins the segment that the batch goes to
        node.Volume.FailAfter(0, asFull: true);

        Assert.Equal(CommitStatus.Stopped, node.Loop.TryAppendRemote(batch));
        Assert.NotNull(node.Loop.Failure);

        node.Restart();
        Assert.Equal(0, node.Log.Find(database)!.EntryCount);
        node.Pull(source, database);
        Assert.Single(node.Applier.RowsOf(database));
    }

    [Fact]
    public void A_failed_write_stops_the_loop_for_good()
    {
        using TestNode node = TestNode.Create(9);
        DatabaseId database = node.CreateDatabase().Id;
        node.Volume.FailAfter(0, asFull: false);

        Assert.Equal(CommitStatus.Stopped, node.Insert(database, 1));
        Assert.Equal(CommitStatus.Stopped, node.Insert(database, 2));
        Assert.NotNull(node.Loop.Failure);
        node.Restart();
        Assert.Equal(CommitStatus.Committed, node.Insert(database, 3));
    }

    [Fact]
    public void A_clock_far_behind_the_log_refuses_commits()
    {
        using TestNode node = TestNode.Create(10);
        DatabaseId database = node.CreateDatabase().Id;
        node.Clock.Now -= TimeSpan.FromMinutes(6);

        Assert.Equal(CommitStatus.ClockBehind, node.Insert(database, 1));
        node.Clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(CommitStatus.Committed, node.Insert(database, 1));
    }

    [Fact]
    public void Nothing_is_shown_to_peers_before_it_is_durable()
    {
        using TestNode node = TestNode.Create(11);
        DatabaseLog log = node.CreateDatabase();
        node.FlushMode = FlushMode.WriteEachCommit;
        node.Insert(log.Id, 1);

        Assert.Equal(0UL, Assert.Single(log.Published.GetVector()).Seq);
        node.Loop.Tick();
        Assert.Equal(1UL, Assert.Single(log.Published.GetVector()).Seq);
    }

    [Fact]
    public void A_dropped_database_is_gone_after_a_restart()
    {
        using TestNode node = TestNode.Create(12);
        DatabaseId database = node.CreateDatabase().Id;
        DatabaseId kept = node.CreateDatabase("kept").Id;
        node.Insert(database, 1);
        node.Insert(kept, 1);

        Assert.Equal(CommitStatus.Committed, node.Loop.DropDatabase(database));
        Assert.Equal(CommitStatus.DatabaseUnknown, node.Insert(database, 2));
        node.Restart();
        Assert.Null(node.Log.Find(database));
        Assert.Single(node.Applier.RowsOf(kept));
        node.CreateDatabase();
    }

    [Fact]
    public void A_drop_that_the_power_cut_off_leaves_nothing_for_the_next_to_follow()
    {
        using TestNode peer = TestNode.Create(14);
        DatabaseId database = peer.CreateDatabase().Id;
        for (int i = 0; i < 5; i++)
            peer.Insert(database, i, 300);
        for (int calls = 0; calls < 12; calls++)
        {
            using TestNode node = TestNode.Create(20 + calls);
            node.Follow(database);
            node.Pull(peer, database);
            node.Loop.WriteHistory();

            node.Volume.LosePowerAfter(calls);
            node.Loop.DropDatabase(database);
            node.Restart();
            if (node.Log.Find(database) is null)
            {
                node.Follow(database);
                node.Pull(peer, database);
            }

            Assert.Equal(peer.Applier.RowsOf(database).Keys.Order(), node.Applier.RowsOf(database).Keys.Order());
        }
    }

    [Fact]
    public void A_database_that_was_dropped_and_followed_again_is_there_after_a_restart()
    {
        using TestNode peer = TestNode.Create(15);
        using TestNode node = TestNode.Create(16);
        DatabaseId database = peer.CreateDatabase().Id;
        node.Follow(database);
        for (int i = 0; i < 400; i++)
        {
            peer.Insert(database, i, 300);
            if (i % 50 != 0)
                continue;
            node.Pull(peer, database);
            node.Loop.WriteHistory();
        }

        Assert.True(node.Log.Journal.OldestPosition > 0, "The journal has all of the database: nothing is missing after the drop.");
        node.Loop.DropDatabase(database);
        node.Follow(database);
        node.Pull(peer, database);
        node.Restart();

        Assert.Equal(peer.Applier.RowsOf(database).Keys.Order(), node.Applier.RowsOf(database).Keys.Order());
        Assert.Null(LogVerifier.Run(node.Volume, node.Clock).Damage);
    }

    [Fact]
    public void A_second_process_is_locked_out()
    {
        using TestNode node = TestNode.Create(13);

        Assert.Throws<IOException>(() => NodeLog.Open(node.Volume, new NodeLogOptions()));
    }

    private sealed class RefusedRequest : CommitRequest
    {
        protected internal override bool MayCommit() => false;
    }
}
