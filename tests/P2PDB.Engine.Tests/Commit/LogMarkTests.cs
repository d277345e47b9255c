using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>A log that begins at a mark numbers its chains, and fills them, as it did when the mark was taken.</summary>
public sealed class LogMarkTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Forks_that_are_read_in_another_order_keep_their_places(bool isHistoryWritten, bool isIndexed)
    {
        using TestNode node = TestNode.Create(31);
        DatabaseLog log = node.CreateDatabase();
        AuthorIdentity author = node.Log.Identity.AuthorOf(log.Id);
        byte[][] forks = [.. Enumerable.Range(21, 3).Select(row =>
        {
            var tip = new ChainTip();
            tip.CopyFrom(log.FindChain(author.Author)!.Tip);
            using var bytes = new ByteWriter();
            TestNode.WriteEntry(bytes, log.Id, author.Key, tip, node.Log.Clock.Next().Value, [], row);
            return bytes.Written.ToArray();
        })];
        node.Insert(log.Id, 1);
        Take(node, log.Id, forks[1]);
        Take(node, log.Id, forks[2]);
        LogMark mark = log.TakeMark();
        Dictionary<EntryId, EntryPosition> places = log.InTotalOrder().ToDictionary(log.IdOf, position => position);
        // The earliest comes last: without a mark it would be read first, and take the place of the node's own entry.
        Take(node, log.Id, forks[0]);
        if (isHistoryWritten)
            node.Loop.WriteHistory();
        if (!isIndexed)
            node.RemoveIndexes(log.Id);

        node.RestartAt(log.Id, mark);

        log = node.Log.Find(log.Id)!;
        Assert.NotNull(log.Mark);
        Assert.All(places, place => Assert.Equal(place.Key, log.IdOf(place.Value)));
        Assert.Equal(places.Count + 1, log.EntryCount);
        Assert.Equal(3, log.Forks.Count);
        EntryPosition beyond = Assert.Single(log.BeyondMark());
        Assert.DoesNotContain(log.IdOf(beyond), places.Keys);
    }

    [Fact]
    public void History_from_before_the_mark_is_read_with_the_journal_after_it()
    {
        using TestNode node = TestNode.Create(32);
        DatabaseLog log = node.CreateDatabase();
        node.Insert(log.Id, 1);
        node.Loop.WriteHistory();
        node.Insert(log.Id, 2);
        LogMark mark = log.TakeMark();
        node.Insert(log.Id, 3);

        node.RestartAt(log.Id, mark);

        log = node.Log.Find(log.Id)!;
        Assert.Equal(mark.Chains, log.Mark!.Chains);
        Assert.Equal(3, Assert.Single(log.BeyondMark()).Index);
    }

    [Fact]
    public void A_log_that_lost_what_its_mark_covers_has_none()
    {
        using TestNode node = TestNode.Create(33);
        DatabaseLog log = node.CreateDatabase();
        MemoryVolume backup = node.Volume.Copy(new Random(1));
        node.Insert(log.Id, 1);
        LogMark mark = log.TakeMark();
        using TestNode restored = new(backup, seed: 33);

        restored.RestartAt(log.Id, mark);

        Assert.Null(restored.Log.Find(log.Id)!.Mark);
        Assert.Single(restored.Log.Find(log.Id)!.BeyondMark());
    }

    private static void Take(TestNode node, DatabaseId database, byte[] entry)
    {
        using var batch = new RemoteBatch { Database = database, Entries = entry };
        Assert.Equal(CommitStatus.Committed, node.Loop.TryAppendRemote(batch));
        Assert.Equal([AppendStatus.Appended], batch.Result.Statuses);
    }
}
